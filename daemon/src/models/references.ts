import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readGivenFile } from '../settings/read-given-file.ts';

/** A commit and a line break. */
const mostBytes = 200;

/** The paths of a repository's references: files below `refs`. */
export async function listReferences(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, 'refs'), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The commit that a reference names; empty if it cannot be read. */
export async function readCommit(path: string): Promise<string> {
  return String(await readGivenFile(path, mostBytes).catch(() => '')).trim();
}

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/**
 * Hash of what a step depends on: the contents of files and of whole folders (names count, times do not), and plain
 * values. What does not exist counts as missing, so that its appearance changes the hash.
 * @param {{ root: string, paths?: string[], values?: unknown[] }} inputs
 */
export async function hashInputs({ root, paths = [], values = [] }) {
  const hash = createHash('sha256').update(JSON.stringify(values));
  for (const path of paths) {
    for (const file of await listFiles(join(root, path))) {
      hash.update(`\0${relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function listFiles(path) {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => listFiles(join(path, name))))).flat();
}

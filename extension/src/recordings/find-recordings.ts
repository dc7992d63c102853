import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isRecording } from "./is-recording";
import { fileRecording, Recording } from "./recording";

const maxCount = 500;

/**
 * The recordings among files and, to any depth, in folders, in the order of their names. A file that is named itself
 * needs no known extension; in folders, what is hidden is left out.
 */
export async function findRecordings(paths: string[]): Promise<Recording[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (found.length >= maxCount) break;
    if (await isFolder(path)) found.push(...(await listRecordings(path)));
    else found.push(path);
  }
  return [...new Set(found)].slice(0, maxCount).map(fileRecording);
}

async function listRecordings(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && isRecording(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(folder.length).includes("/."))
    .sort((left, right) => left.localeCompare(right, undefined, { numeric: true }));
}

/** What cannot be looked at is taken for a file, so that opening it says what is wrong. */
function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

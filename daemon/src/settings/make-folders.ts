import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and the missing ones above it; those that were made, the outermost first. Where the disk makes none and
 * says that they are missing, as /proc does, `mkdir` of Node with `recursive` never returns.
 * @throws the system's error, with nothing made
 */
export function makeFolders(folder: string, mode = 0o777): readonly string[] {
  const missing: string[] = [];
  for (let path = resolve(folder); isMissing(path); path = dirname(path)) missing.unshift(path);
  const made: string[] = [];
  try {
    for (const path of missing) if (make(path, mode)) made.push(path);
  } catch (error) {
    removeFolders(made);
    throw error;
  }
  return made;
}

/** Removes folders that `makeFolders` has made, but for those that hold something by now. */
export function removeFolders(made: readonly string[]): void {
  for (const path of made.toReversed()) {
    try {
      rmdirSync(path);
    } catch {
      return;
    }
  }
}

function isMissing(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined;
}

/** False where another program was faster. */
function make(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    const found = statSync(path, { throwIfNoEntry: false });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && found?.isDirectory() === true) return false;
    throw error;
  }
}

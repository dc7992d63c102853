import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a folder and its missing parents, and returns those it created, outermost first. If a disk cannot create them
 * but says that they are missing, as /proc does, Node's recursive `mkdir` never returns.
 * @throws the system's error; nothing is created then
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

/** Removes folders that `makeFolders` created, unless they contain something by now. */
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

/** False if another program was faster. */
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

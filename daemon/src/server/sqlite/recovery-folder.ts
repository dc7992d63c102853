import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOwn } from '../../settings/own-leftovers.ts';

const beginning = '.recovering-';
/** The characters that `mkdtemp` adds. */
const names = /^\.recovering-[A-Za-z0-9]{6}$/;

/** Runs with a folder of its own beside a database, so that nothing of anybody else has the names in it. */
export function inRecoveryFolder<Result>(databasePath: string, action: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(dirname(databasePath), beginning));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Removes those of daemons that were killed. The caller must be the only one that recovers databases there. They cost
 * nothing but room: what is wrong with a home from which they cannot be removed is told by whoever opens the database.
 */
export function removeRecoveryFolders(databasePath: string): void {
  try {
    removeIn(dirname(databasePath));
  } catch {
    // Missing, not ours, or read-only.
  }
}

function removeIn(home: string): void {
  for (const name of readdirSync(home).filter((each) => names.test(each))) {
    const path = join(home, name);
    if (isOwn(lstatSync(path, { throwIfNoEntry: false }), 'folder')) rmSync(path, { recursive: true, force: true });
  }
}

import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/** Folders that macOS lets a program that was not started by hand read only after asking, or not at all. */
const guardedFolders = ['Desktop', 'Documents', 'Downloads', join('Library', 'Mobile Documents')];

/**
 * Refuses to let launchd, Shortcuts or Finder run a Hearth that lies where they may not read.
 * @throws `PLACE_GUARDED`
 */
export function requireOpenPlace(path: string, userHome: string = process.env['HOME'] || homedir()): void {
  const guard = guardedFolders.map((name) => join(userHome, name)).find((folder) => path.startsWith(folder + sep));
  if (guard === undefined) return;
  throw new HearthError('PLACE_GUARDED', `${path} is in ${guard}, which macOS guards.`);
}

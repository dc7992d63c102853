import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HearthError } from '../errors/hearth-error.ts';

/** Folders that macOS lets background programs read only with the user's permission, or not at all. */
const protectedFolders = ['Desktop', 'Documents', 'Downloads', join('Library', 'Mobile Documents')];

/** Path of this installation's `hearth` for programs that run it later. @throws `PLACE_GUARDED` */
export function launcherPath(): string {
  const launcher = stablePath(fileURLToPath(new URL('../../../hearth', import.meta.url)));
  requireReadablePlace(launcher);
  return launcher;
}

/**
 * The same file under a path that outlives an upgrade: Homebrew removes `Cellar/hearth/0.1.0` when it installs the next
 * version, and makes `opt/hearth` point to that one.
 */
export function stablePath(path: string, exists: (path: string) => boolean = existsSync): string {
  const [, prefix, formula, rest] = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.*)$/.exec(path) ?? [];
  if (prefix === undefined) return path;
  const linked = `${prefix}/opt/${formula}/${rest}`;
  return exists(linked) ? linked : path;
}

/**
 * Refuses an installation where launchd, Shortcuts and Finder could not read it.
 * @throws `PLACE_GUARDED`
 */
export function requireReadablePlace(path: string, userHome: string = process.env['HOME'] || homedir()): void {
  const found = protectedFolders.map((name) => join(userHome, name)).find((folder) => path.startsWith(folder + sep));
  if (found === undefined) return;
  throw new HearthError('PLACE_GUARDED', `${path} is in ${found}, which macOS protects from background programs.`);
}

import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeError } from '../errors/write-error.ts';

/**
 * Replaces a file as a whole: after a crash or a power cut it is the old one or the new one. It is its owner's alone, unless
 * another mode is given.
 * @throws `HOME_NOT_WRITABLE`, `DISK_FULL`
 */
export function replaceFile(path: string, content: string, mode = 0o600): void {
  const next = join(dirname(path), `.${basename(path)}.next-by-hearth`);
  try {
    // A pipe there would be waited for.
    rmSync(next, { force: true });
    withFile(next, 'wx', (file) => {
      fchmodSync(file, mode);
      writeFileSync(file, content);
      fsyncSync(file);
    });
    renameSync(next, path);
    // The new name is in the folder.
    withFile(dirname(path), 'r', fsyncSync);
  } catch (cause) {
    remove(next);
    throw writeError(path, cause, { code: 'HOME_NOT_WRITABLE' });
  }
}

function withFile(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was not made: something else is in its place.
  }
}

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeError } from '../errors/write-error.ts';

/**
 * Replaces a file as a whole: after a crash or a power cut it is the old one or the new one.
 * @throws `HOME_NOT_WRITABLE`, `DISK_FULL`
 */
export function replaceFile(path: string, content: string): void {
  const next = `${path}.next`;
  try {
    withFile(next, 'w', (file) => {
      writeFileSync(file, content);
      fsyncSync(file);
    });
    renameSync(next, path);
    // The new name is in the folder.
    withFile(dirname(path), 'r', fsyncSync);
  } catch (cause) {
    rmSync(next, { force: true });
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

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { makeFolders, removeFolders } from '../../settings/make-folders.ts';

/** What a new file takes at least. */
const trialBytes = 4096;

/**
 * Makes a file beside the one that is wanted, with the folders that it needs, and removes all of it again: no other look
 * tells that a disk is full, takes no writes or makes no folders.
 * @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`
 */
export function tryToWrite(path: string): void {
  const folder = dirname(path);
  let made: readonly string[] = [];
  try {
    made = makeFolders(folder);
    writeTrial(join(folder, `.hearth-${process.pid}-${randomBytes(4).toString('hex')}.part`));
  } catch (error) {
    throw writeError(path, error);
  } finally {
    removeFolders(made);
  }
}

function writeTrial(path: string): void {
  const file = openSync(path, 'wx');
  try {
    writeSync(file, Buffer.alloc(trialBytes));
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}

import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { isLockedHere, isLockedHereNow } from './locked-files.ts';

// A pipe is not waited for.
const reading = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a file that a person or another program has put in its place: no pipe, no device, none that this process has
 * locked, and of at most `mostBytes`. What the system makes up while it is read, as in `/proc`, counts as empty.
 * @throws ENOTFILE, EOWNFILE, EFBIG, and what opening throws
 */
export function readGivenFileNow(path: string, mostBytes: number): Buffer {
  if (isLockedHereNow(path)) throw ownFile(path);
  const file = openSync(path, reading);
  try {
    const buffer = Buffer.alloc(lengthOf(fstatSync(file), path, mostBytes));
    let done = 0;
    for (let count = -1; count !== 0 && done < buffer.length; done += count) {
      count = readSync(file, buffer, done, buffer.length - done, done);
    }
    return buffer.subarray(0, done);
  } finally {
    closeSync(file);
  }
}

/** The same for who must not wait for a disk. */
export async function readGivenFile(path: string, mostBytes: number): Promise<Buffer> {
  if (await isLockedHere(path)) throw ownFile(path);
  const file = await open(path, reading);
  try {
    const buffer = Buffer.alloc(lengthOf(await file.stat(), path, mostBytes));
    let done = 0;
    for (let count = -1; count !== 0 && done < buffer.length; done += count) {
      count = (await file.read(buffer, done, buffer.length - done, done)).bytesRead;
    }
    return buffer.subarray(0, done);
  } finally {
    await file.close();
  }
}

/** To close it would drop its locks. */
function ownFile(path: string): Error {
  return problem('EOWNFILE', `Expected a file of somebody else at ${path}, got ours.`, path);
}

function lengthOf(status: Stats, path: string, mostBytes: number): number {
  if (!status.isFile()) throw problem('ENOTFILE', `Expected a file at ${path}, got something else.`, path);
  if (status.size <= mostBytes) return status.size;
  throw problem('EFBIG', `Expected at most ${mostBytes} bytes in ${path}, got ${status.size}.`, path);
}

function problem(code: string, message: string, path: string): Error {
  return Object.assign(new Error(message), { code, syscall: 'open', path });
}

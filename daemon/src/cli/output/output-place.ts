import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { describeWriteFailure } from './describe-write-failure.ts';

/** Where what is written to a path ends up. */
export type OutputPlace =
  /** A file that is there, or a new one; `path` is the end of every link. */
  | { readonly kind: 'file'; readonly path: string; readonly existing: Stats | null }
  | { readonly kind: 'pipe'; readonly path: string }
  | { readonly kind: 'device'; readonly path: string };

const descriptor = /^\/(dev\/(stdin|stdout|stderr|fd\/\d+)|proc\/(self|\d+)\/fd\/\d+)$/;

/** @throws `OUTPUT_NOT_WRITABLE` for a folder, a disk or a socket, and where the path leads nowhere */
export function findOutputPlace(path: string): OutputPlace {
  try {
    const existing = statSync(path, { throwIfNoEntry: false }) ?? null;
    if (existing?.isFIFO()) return { kind: 'pipe', path };
    // A file behind a descriptor belongs to whoever opened it: it is appended to, not replaced.
    if (existing?.isCharacterDevice() || (existing !== null && descriptor.test(path))) return { kind: 'device', path };
    if (existing === null || existing.isFile()) return { kind: 'file', path: endOfLinks(path), existing };
    throw refusal(path, existing);
  } catch (error) {
    throw error instanceof HearthError ? error : describeWriteFailure(path, error);
  }
}

/** Also where the last link leads to nothing yet. */
function endOfLinks(path: string): string {
  let end = path;
  // A circle of links has been told by `stat`.
  while (lstatSync(end, { throwIfNoEntry: false })?.isSymbolicLink()) {
    end = resolve(realpathSync(dirname(end)), readlinkSync(end));
  }
  return end;
}

function refusal(path: string, existing: Stats): HearthError {
  const kind = existing.isDirectory() ? 'a folder' : existing.isBlockDevice() ? 'a disk' : 'a socket';
  return new HearthError('OUTPUT_NOT_WRITABLE', `Expected a file to write to, got ${path}, which is ${kind}.`);
}

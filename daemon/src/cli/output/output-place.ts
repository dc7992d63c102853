import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';

/** What a path leads to. */
export type OutputPlace =
  /** An existing file or a new one; `path` follows every link. */
  | { readonly kind: 'file'; readonly path: string; readonly existing: Stats | null }
  | { readonly kind: 'pipe' | 'device'; readonly path: string; readonly existing: Stats };

const descriptor = /^\/(dev\/(stdin|stdout|stderr|fd\/\d+)|proc\/(self|\d+)\/fd\/\d+)$/;

/** @throws `OUTPUT_NOT_WRITABLE` for a folder, a disk or a socket, and for a path that leads nowhere */
export function findOutputPlace(path: string): OutputPlace {
  try {
    const existing = statSync(path, { throwIfNoEntry: false }) ?? null;
    if (existing?.isFIFO()) return { kind: 'pipe', path, existing };
    // A file behind a descriptor belongs to whoever opened it: append to it, do not replace it.
    if (existing?.isCharacterDevice() || (existing !== null && descriptor.test(path))) {
      return { kind: 'device', path, existing };
    }
    if (existing === null || existing.isFile()) return { kind: 'file', path: endOfLinks(path), existing };
    throw refusal(path, existing);
  } catch (error) {
    throw error instanceof HearthError ? error : writeError(path, error);
  }
}

/** Also if the last link leads to a file that does not exist yet. */
function endOfLinks(path: string): string {
  let end = path;
  // `stat` has failed for a circle of links.
  while (lstatSync(end, { throwIfNoEntry: false })?.isSymbolicLink()) {
    end = resolve(realpathSync(dirname(end)), readlinkSync(end));
  }
  return end;
}

function refusal(path: string, existing: Stats): HearthError {
  const kind = existing.isDirectory() ? 'a folder' : existing.isBlockDevice() ? 'a disk' : 'a socket';
  return new HearthError('OUTPUT_NOT_WRITABLE', `Expected a file to write to, got ${path}, which is ${kind}.`);
}

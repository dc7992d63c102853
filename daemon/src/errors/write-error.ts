import type { ErrorCode } from './error-codes.ts';
import { HearthError } from './hearth-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  ELOOP: 'the link leads back to itself',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  ENXIO: 'it is a pipe that no program reads',
  EPERM: 'permission denied',
  EPIPE: 'its reader closed it',
  EROFS: 'the disk is read-only',
};

/** The error for a path that cannot be written, in our words: `DISK_FULL` if no space is left, otherwise `code`. */
export function writeError(
  path: string,
  cause: unknown,
  { code = 'OUTPUT_NOT_WRITABLE', hint }: { readonly code?: ErrorCode; readonly hint?: string } = {},
): HearthError {
  const { code: reason = '' } = cause as NodeJS.ErrnoException;
  if (reason === 'ENOSPC' || reason === 'EDQUOT') {
    return new HearthError('DISK_FULL', `No space is left to write ${path}.`, { cause });
  }
  const message = `Cannot write ${path}: ${reasons[reason] ?? 'the disk reported an error'}.`;
  return new HearthError(code, message, hint === undefined ? { cause } : { hint, cause });
}

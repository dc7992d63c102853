import type { ErrorCode } from './error-codes.ts';
import { HearthError } from './hearth-error.ts';
import { systemReason } from './system-reason.ts';

/** Codes with another meaning for a file that should be written. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a part of the path is a file',
  ENOENT: 'the folder does not exist',
  ENXIO: 'it is a pipe that no program reads',
  EPIPE: 'its reader closed it',
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
  const message = `Cannot write ${path}: ${reasons[reason] ?? systemReason(cause)}.`;
  return new HearthError(code, message, hint === undefined ? { cause } : { hint, cause });
}

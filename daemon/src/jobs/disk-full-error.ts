import { HearthError } from '../errors/hearth-error.ts';

/** `DISK_FULL` for what the file system says when there is no room; any other error as it is. */
export function diskFullError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new HearthError('DISK_FULL', `Expected room for the upload, got a full disk (${code}).`, { cause: error });
}

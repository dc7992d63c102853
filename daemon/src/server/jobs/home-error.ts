import { HearthError } from '../../errors/hearth-error.ts';

/** What a file system says in Hearth's words when it takes no writes to the home; any other error as it is. */
export function homeError(error: unknown, what: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HearthError('DISK_FULL', `The disk has no room for ${what}.`, { cause: error });
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'EIO') {
    return new HearthError('HOME_NOT_WRITABLE', `The home takes no writes, so there is no place for ${what}.`, {
      cause: error,
    });
  }
  return error;
}

import { HearthError } from '../../errors/hearth-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'the link leads back to itself',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is a file',
  EPERM: 'permission denied',
  EPIPE: 'its reader closed it',
  EROFS: 'the disk is read-only',
};

/** Why a file cannot be written, as `OUTPUT_NOT_WRITABLE` or `DISK_FULL`. */
export function describeWriteFailure(path: string, error: unknown): HearthError {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HearthError('DISK_FULL', `No space is left to write ${path}.`, { cause: error });
  }
  const reason = reasons[code] ?? 'the disk reported an error';
  return new HearthError('OUTPUT_NOT_WRITABLE', `Cannot write ${path}: ${reason}.`, { cause: error });
}

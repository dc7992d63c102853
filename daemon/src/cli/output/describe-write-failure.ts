import { HearthError } from '../../errors/hearth-error.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such place',
  ENOTDIR: 'it is not in a folder',
  EEXIST: 'its folder is a file',
  EPERM: 'you may not write there',
  EPIPE: 'its reader went away',
  EROFS: 'the disk is read-only',
};

/** What keeps a file from being written, as `OUTPUT_NOT_WRITABLE` or `DISK_FULL`. */
export function describeWriteFailure(path: string, error: unknown): HearthError {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HearthError('DISK_FULL', `There is no room left for ${path}.`, { cause: error });
  }
  const reason = reasons[code] ?? 'the disk reports an error';
  return new HearthError('OUTPUT_NOT_WRITABLE', `Cannot write ${path}: ${reason}.`, { cause: error });
}

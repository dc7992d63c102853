import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { HearthError } from '../../errors/hearth-error.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { openWithoutLinks } from '../../settings/open-without-links.ts';
import type { OpenRecordingRequest } from './recording.ts';

/** A recording that is open: this is what is read, whatever has its path by then. */
export interface OpenInput {
  readonly file: FileHandle;
  /** Without links, for a converter that opens it by its path. */
  readonly path: string;
}

/** A pipe is not waited for. @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `INTERNAL` */
export async function openInput({ path, followLinks = false }: OpenRecordingRequest): Promise<OpenInput> {
  try {
    if (!followLinks) return { file: await openWithoutLinks(path), path };
    return { file: await open(path, constants.O_RDONLY | constants.O_NONBLOCK), path: await realpath(path) };
  } catch (error) {
    throw openingError(path, error as NodeJS.ErrnoException);
  }
}

function openingError(path: string, cause: NodeJS.ErrnoException): HearthError {
  switch (cause.code) {
    case 'EACCES':
    case 'EPERM':
      return new HearthError('FILE_NOT_PERMITTED', `Expected permission to read ${path}, got none.`, { cause });
    case 'ENOENT':
    case 'ENAMETOOLONG':
      return new HearthError('FILE_NOT_FOUND', `Expected a recording at ${path}, got none.`, { cause });
    case 'ELOOP':
    case 'ENOTDIR':
      return new HearthError('FILE_NOT_FOUND', `Expected a recording at ${path}, got a link, or a way over one.`, {
        hint: 'Something has changed there since the job was accepted. Name the path again.',
        cause,
      });
    default:
      return new HearthError('INTERNAL', `Expected to open ${path}, got: ${systemReason(cause)}.`, { cause });
  }
}

import { constants } from 'node:fs';
import { access, lstat, realpath } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import { HearthError } from '../../errors/hearth-error.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { atNamedPath } from '../../settings/named-files.ts';
import type { Spool, Upload } from '../jobs/spool.ts';

/** A recording that the engine can open. */
export interface ReceivedRecording {
  readonly audioPath: string;
  /** Whether the file is ours. */
  readonly uploaded: boolean;
  readonly byteCount: number;
  /** The recording's name, if it is known. */
  readonly name: string | null;
}

/** Receives the bytes of a request into the spool. @throws what `Spool.receive` and `Spool.requireRoomFor` throw */
export async function receiveUpload(
  spool: Spool,
  body: Readable | undefined,
  {
    contentLength,
    ...upload
  }: { readonly contentLength: string | undefined } & Pick<Upload, 'durable' | 'leavesReserve'>,
): Promise<ReceivedRecording> {
  const announcedBytes = contentLength === undefined ? null : Number(contentLength);
  if (body === undefined || announcedBytes === 0) {
    throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording as the body, got an empty one.');
  }
  await spool.requireRoomFor(announcedBytes ?? 0, upload.leavesReserve);
  const { path, byteCount } = await spool.receive({ body, announcedBytes, ...upload });
  return { audioPath: path, uploaded: true, byteCount, name: null };
}

/**
 * A file given by its path. If the client put it into the spool, it is an upload; any other file stays where it is.
 * @throws what `Spool.adopt` and `useFile` throw
 */
export async function takeFile(
  spool: Spool,
  path: string,
  { durable, followLinks = true }: { readonly durable: boolean; readonly followLinks?: boolean },
): Promise<ReceivedRecording> {
  const adopted = await spool.adopt(path, { durable });
  if (adopted === null) return useFile(path, followLinks);
  return { audioPath: adopted.path, uploaded: true, byteCount: adopted.byteCount, name: null };
}

/**
 * A file that stays where it is. Links are followed once, here if at all: the engine opens no path that leads over one.
 * macOS privacy may keep the daemon from reading what its client can read.
 * @throws `REQUEST_INVALID`, `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`, `FILE_NOT_PERMITTED`
 */
async function useFile(path: string, followLinks: boolean): Promise<ReceivedRecording> {
  if (path.includes('\0')) {
    throw new HearthError('REQUEST_INVALID', 'Expected a path without zero bytes, got one with some.');
  }
  if (!isAbsolute(path)) {
    throw new HearthError('REQUEST_INVALID', `Expected an absolute path, got ${path}.`);
  }
  try {
    return await atNamedPath(look);
  } catch (error) {
    throw fileError(error, path);
  }

  async function look(): Promise<ReceivedRecording> {
    const audioPath = followLinks ? await realpath(path) : path;
    const status = await lstat(audioPath);
    if (status.isDirectory()) throw new HearthError('FILE_IS_DIRECTORY', `Expected a file, got the folder ${path}.`);
    if (!status.isFile()) throw new HearthError('REQUEST_INVALID', `Expected a regular file, got ${path}.`);
    await access(audioPath, constants.R_OK);
    return { audioPath, uploaded: false, byteCount: status.size, name: basename(path) };
  }
}

function fileError(error: unknown, path: string): unknown {
  if (error instanceof HearthError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new HearthError('FILE_NOT_FOUND', `Expected a file at ${path}, got none.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new HearthError('FILE_NOT_PERMITTED', `Hearth may not read ${path}.`, { cause: error });
  }
  return new HearthError('REQUEST_INVALID', `${path} cannot be opened: ${systemReason(error)}.`, { cause: error });
}

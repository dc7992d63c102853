import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { HearthError } from '../../errors/hearth-error.ts';
import { afterRunningFor } from '../../time/after-running-for.ts';

/** How much comes in before the disk is looked at again. */
export const bytesBetweenDiskChecks = 16 * 1024 * 1024;

export interface WriteUploadRequest {
  readonly body: Readable;
  readonly file: FileHandle;
  /** What the client said it would send; null when it did not say. */
  readonly announcedBytes: number | null;
  readonly idleMs: number;
  /** Hears of every piece, with the count so far; what it throws refuses the rest. */
  readonly onBytes: (byteCount: number) => void;
  readonly requireDisk: () => Promise<void>;
}

/**
 * Writes an upload to a file as it comes and answers with its length. What is left of a refused one stays unread.
 * @throws `BODY_INCOMPLETE`, what `onBytes`, `requireDisk` and the file system throw
 */
export async function writeUpload(request: WriteUploadRequest): Promise<number> {
  const { body, file, onBytes, requireDisk } = request;
  // To destroy a request is to destroy the connection that the answer has to take.
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  let byteCount = 0;
  let nextDiskCheck = bytesBetweenDiskChecks;
  try {
    for (;;) {
      const { done, value: chunk } = await nextChunk(chunks, byteCount, request);
      if (done) return byteCount;
      byteCount += chunk.length;
      onBytes(byteCount);
      if (byteCount >= nextDiskCheck) {
        nextDiskCheck += bytesBetweenDiskChecks;
        await requireDisk();
      }
      await file.writeFile(chunk);
    }
  } finally {
    void chunks.return?.();
  }
}

async function nextChunk(
  chunks: AsyncIterableIterator<Buffer>,
  byteCount: number,
  { announcedBytes, idleMs }: WriteUploadRequest,
): Promise<IteratorResult<Buffer>> {
  const idle = Promise.withResolvers<never>();
  const timer = afterRunningFor(idleMs, () => {
    const message = `Expected the upload to go on, got nothing for ${idleMs / 1000} s after ${byteCount} bytes.`;
    idle.reject(new HearthError('BODY_INCOMPLETE', message));
  });
  const next = chunks.next().catch((cause: unknown) => {
    const expected = announcedBytes === null ? 'the upload to end' : `${announcedBytes} bytes`;
    const message = `Expected ${expected}, got the end of the connection after ${byteCount} bytes.`;
    throw new HearthError('BODY_INCOMPLETE', message, { cause });
  });
  try {
    return await Promise.race([next, idle.promise]);
  } finally {
    timer.stop();
  }
}

/** What a file system says in Hearth's words when it takes no upload; any other error as it is. */
export function uploadError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HearthError('DISK_FULL', 'The disk has no room for the upload.', { cause: error });
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'EIO') {
    return new HearthError('HOME_NOT_WRITABLE', 'The home takes no writes, so there is no place for the upload.', {
      cause: error,
    });
  }
  return error;
}

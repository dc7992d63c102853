import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HearthError } from '../errors/hearth-error.ts';
import { uploadGuard } from './upload-guard.ts';

export interface SpoolRequest {
  readonly folder: string;
  readonly maxUploadBytes: number;
  readonly minFreeDiskBytes: number;
  readonly uploadIdleMs: number;
}

/** Uploads on their way to the engine: files that only their owner reads, gone when their job ends. */
export interface Spool {
  /** Removes what a daemon before this one left. */
  sweep(): Promise<void>;
  /** @throws `AUDIO_TOO_LARGE`, `DISK_FULL` for an upload that says beforehand how long it is */
  requireRoomFor(byteCount: number): Promise<void>;
  /**
   * Streams an upload into a file, never into memory. Whatever goes wrong, no file is left.
   * @throws `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `BODY_INCOMPLETE`, `DISK_FULL`
   */
  receive(body: Readable, announcedBytes: number | null): Promise<string>;
  remove(path: string): Promise<void>;
}

export function createSpool({ folder, maxUploadBytes, minFreeDiskBytes, uploadIdleMs }: SpoolRequest): Spool {
  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  }

  async function requireDisk(byteCount: number): Promise<void> {
    const free = await freeBytes();
    if (free - byteCount >= minFreeDiskBytes) return;
    throw new HearthError(
      'DISK_FULL',
      `Expected ${byteCount + minFreeDiskBytes} bytes of free disk space for the upload, got ${free}.`,
    );
  }

  function requireSize(byteCount: number): void {
    if (byteCount <= maxUploadBytes) return;
    throw new HearthError('AUDIO_TOO_LARGE', `Expected at most ${maxUploadBytes} bytes, got ${byteCount}.`);
  }

  return {
    async sweep() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    },
    async requireRoomFor(byteCount) {
      requireSize(byteCount);
      await requireDisk(byteCount);
    },
    async receive(body, announcedBytes) {
      const path = join(folder, randomUUID());
      const guard = uploadGuard({ idleMs: uploadIdleMs, requireSize, requireDisk: () => requireDisk(0) });
      try {
        await pipeline(body, guard.stream, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
        if (guard.byteCount() === 0)
          throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording, got none.');
        return path;
      } catch (error) {
        await rm(path, { force: true });
        throw uploadError(error, guard.byteCount(), announcedBytes);
      }
    },
    remove: (path) => rm(path, { force: true }),
  };
}

function uploadError(error: unknown, byteCount: number, announcedBytes: number | null): unknown {
  if (error instanceof HearthError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HearthError('DISK_FULL', `Expected room for the upload, got a full disk after ${byteCount} bytes.`, {
      cause: error,
    });
  }
  const expected = announcedBytes === null ? 'the upload to end' : `${announcedBytes} bytes`;
  return new HearthError('BODY_INCOMPLETE', `Expected ${expected}, got the end of the connection after ${byteCount}.`, {
    cause: error,
  });
}

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { diskFullError } from './disk-full-error.ts';
import { writeUpload } from './write-upload.ts';

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

  async function write(path: string, body: Readable, announcedBytes: number | null): Promise<number> {
    const file = await open(path, 'wx', 0o600);
    const limits = { idleMs: uploadIdleMs, requireSize, requireDisk: () => requireDisk(0) };
    try {
      return await writeUpload({ body, file, announcedBytes, ...limits });
    } finally {
      await file.close();
    }
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
      try {
        const byteCount = await write(path, body, announcedBytes);
        if (byteCount > 0) return path;
        throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording, got none.');
      } catch (error) {
        await rm(path, { force: true });
        throw diskFullError(error);
      }
    },
    remove: (path) => rm(path, { force: true }),
  };
}

import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { ownLeftovers } from '../settings/own-leftovers.ts';
import { homeError } from './home-error.ts';
import { syncFolder } from './sync-folder.ts';
import { writeUpload } from './write-upload.ts';

/** Those of `randomUUID`. */
const uploadNames = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export interface SpoolRequest {
  readonly folder: string;
  /** Read at each use, since they may change. */
  readonly limits: () => SpoolLimits;
}

export interface SpoolLimits {
  readonly maxUploadBytes: number;
  readonly minFreeDiskBytes: number;
  readonly uploadIdleSeconds: number;
}

export interface Upload {
  readonly body: Readable;
  /** What the client said it would send; null when it did not say. */
  readonly announcedBytes: number | null;
  /** Whether it has to outlive the machine's power. */
  readonly durable: boolean;
}

export interface SpooledUpload {
  readonly path: string;
  readonly byteCount: number;
}

/** Uploads on their way to the engine: files that only their owner reads, gone when their job ends. */
export interface Spool {
  /**
   * Removes uploads that a daemon before this one left, but for those of jobs that it promised: all of them where nobody
   * knows which. Nothing else is touched.
   */
  sweep(wanted?: ReadonlySet<string> | 'all'): Promise<void>;
  /** @throws `AUDIO_TOO_LARGE`, `DISK_FULL`, `HOME_NOT_WRITABLE` for an upload that says beforehand how long it is */
  requireRoomFor(byteCount: number): Promise<void>;
  /**
   * Streams an upload into a file, never into memory; on disk for good when this resolves, where it has to outlive the
   * process. Whatever goes wrong, no file is left.
   * @throws `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `BODY_INCOMPLETE`, `DISK_FULL`, `HOME_NOT_WRITABLE`
   */
  receive(upload: Upload): Promise<SpooledUpload>;
  remove(path: string): Promise<void>;
}

export function createSpool({ folder, limits }: SpoolRequest): Spool {
  /** What uploads that are being received said they would still bring. */
  const expected = new Map<string, number>();

  async function requireDisk(byteCount: number): Promise<void> {
    const { minFreeDiskBytes } = limits();
    const { bavail, bsize } = await statfs(folder);
    const onTheirWay = [...expected.values()].reduce((sum, bytes) => sum + bytes, 0);
    const free = bavail * bsize - onTheirWay;
    if (free - byteCount >= minFreeDiskBytes) return;
    throw new HearthError(
      'DISK_FULL',
      `Expected ${byteCount + minFreeDiskBytes} bytes of free disk space for the upload, got ${Math.max(0, free)}.`,
    );
  }

  function requireSize(byteCount: number): void {
    const { maxUploadBytes } = limits();
    if (byteCount <= maxUploadBytes) return;
    throw new HearthError('AUDIO_TOO_LARGE', `Expected at most ${maxUploadBytes} bytes, got ${byteCount}.`);
  }

  async function write(path: string, { body, announcedBytes, durable }: Upload): Promise<number> {
    const file = await open(path, 'wx', 0o600);
    const idleMs = limits().uploadIdleSeconds * 1000;
    if (announcedBytes !== null) expected.set(path, announcedBytes);
    const onBytes = (byteCount: number) => {
      requireSize(byteCount);
      if (announcedBytes !== null) expected.set(path, Math.max(0, announcedBytes - byteCount));
    };
    try {
      const byteCount = await writeUpload({
        body,
        file,
        announcedBytes,
        idleMs,
        onBytes,
        requireDisk: () => requireDisk(0),
      });
      if (durable) await file.sync();
      return byteCount;
    } finally {
      expected.delete(path);
      await file.close();
    }
  }

  return {
    async sweep(wanted = new Set()) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const path of await ownLeftovers(folder, { names: uploadNames, kind: 'file' })) {
        if (wanted !== 'all' && !wanted.has(path)) await rm(path, { force: true });
      }
    },
    async requireRoomFor(byteCount) {
      requireSize(byteCount);
      await requireDisk(byteCount);
    },
    async receive(upload) {
      const path = join(folder, randomUUID());
      try {
        const byteCount = await write(path, upload);
        if (upload.durable) await syncFolder(folder);
        if (byteCount > 0) return { path, byteCount };
        throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording, got none.');
      } catch (error) {
        // What cannot be removed now is swept at the next start.
        await rm(path, { force: true }).catch(() => undefined);
        throw homeError(error, 'the upload');
      }
    },
    remove: (path) => rm(path, { force: true }),
  };
}

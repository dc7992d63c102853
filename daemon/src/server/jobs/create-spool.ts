import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { sizeText } from '../../errors/size-text.ts';
import { refuseLocked } from '../../settings/locked-files.ts';
import { atNamedPath } from '../../settings/named-files.ts';
import { ownLeftovers } from '../../settings/own-leftovers.ts';
import { readFreeBytes } from '../../settings/read-free-bytes.ts';
import { syncFolder } from '../../settings/sync-folder.ts';
import { growUpload } from './grow-upload.ts';
import { openLostFolder, uploadNames } from './lost-folder.ts';
import type { Spool, SpoolLimits, Upload } from './spool.ts';
import { uploadError, writeUpload } from './write-upload.ts';

/** What others leave of the disk's room to those who wait at this computer, in parts of what all leave. */
const reserved = 0.5;
/** What is believed of an upload of which nothing has come yet. */
const believedBytes = 1024 * 1024;

/**
 * Says that a promise was made for an upload, in the file itself: what the list of jobs says may get lost. Clones bring
 * the permissions of their originals along; no recording has these.
 */
const promisedMode = 0o410;

export interface SpoolRequest {
  readonly folder: string;
  /** Where uploads go whose jobs were lost. */
  readonly lostFolder: string;
  /** Read at each use, since they may change. */
  readonly limits: () => SpoolLimits;
  /** What may still be written to the disk of a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export function createSpool({ folder, lostFolder, limits, freeBytes = readFreeBytes }: SpoolRequest): Spool {
  /** What uploads that are being received will still bring, as far as they are believed. */
  const expected = new Map<string, number>();
  /** Names of the uploads that are the daemon's: no request may claim one of them. */
  const taken = new Set<string>();
  const lost = openLostFolder({ spoolFolder: folder, lostFolder });

  async function requireDisk(byteCount: number, leavesReserve: boolean): Promise<void> {
    const minFreeBytes = Math.ceil(limits().minFreeDiskBytes * (leavesReserve ? 1 + reserved : 1));
    // Somebody may have emptied the home.
    await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
    const onTheirWay = [...expected.values()].reduce((sum, bytes) => sum + bytes, 0);
    const free = (await freeBytes(folder)) - onTheirWay;
    if (free - byteCount >= minFreeBytes) return;
    throw new HearthError(
      'DISK_FULL',
      `Expected ${sizeText(byteCount + minFreeBytes, Math.ceil)} of free disk space for the upload, got ${sizeText(Math.max(0, free), Math.floor)}.`,
    );
  }

  function requireSize(byteCount: number): void {
    const { maxUploadBytes } = limits();
    if (byteCount <= maxUploadBytes) return;
    throw new HearthError('AUDIO_TOO_LARGE', `Expected at most ${maxUploadBytes} bytes, got ${byteCount}.`);
  }

  async function isPlacedHere(path: string): Promise<boolean> {
    if (!uploadNames.test(basename(path))) return false;
    const place = await atNamedPath(() => realpath(dirname(path))).catch(() => null);
    if (place === null || place !== (await realpath(folder).catch(() => ''))) return false;
    return (await lstat(path).catch(() => null))?.isFile() === true;
  }

  /** The size of a file that nobody else may read from now on, on disk for good where it is to be durable. */
  async function secure(path: string, durable: boolean): Promise<number> {
    // A name in the spool may be another one of any file that its owner has.
    await refuseLocked(path);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      if (!status.isFile() || status.nlink > 1) throw notOnlyHere();
      const { size } = status;
      requireSize(size);
      if (size === 0) throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording, got none.');
      await file.chmod(0o600);
      if (durable) await file.sync();
      return size;
    } finally {
      await file.close();
    }
  }

  /** One that stays where it is is looked at again by the next daemon. */
  async function keepAsLost(path: string): Promise<string | null> {
    const place = await lost.keep(path);
    if (place !== path) taken.delete(basename(path));
    return place;
  }

  async function write(path: string, { body, announcedBytes, durable, leavesReserve }: Upload): Promise<number> {
    const file = await open(path, 'wx', 0o600);
    const idleMs = limits().uploadIdleSeconds * 1000;
    const onBytes = (byteCount: number) => {
      requireSize(byteCount);
      if (announcedBytes !== null) expected.set(path, toCome(announcedBytes, byteCount));
    };
    onBytes(0);
    try {
      const byteCount = await writeUpload({
        body,
        file,
        announcedBytes,
        idleMs,
        onBytes,
        requireDisk: () => requireDisk(0, leavesReserve),
      });
      if (durable) await file.sync();
      return byteCount;
    } finally {
      expected.delete(path);
      await file.close();
    }
  }

  return {
    async sweep({ wanted, kept, done, isIncomplete }) {
      const isLost = async (path: string) =>
        kept.has(path) || (!done.has(path) && (isIncomplete || (await isPromised(path))));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const path of await ownLeftovers(folder, { names: uploadNames, kind: 'file' })) {
        if (wanted.has(path)) taken.add(basename(path));
        else if (await isLost(path)) await keepAsLost(path);
        // One that cannot be removed, such as a locked file, must not keep the daemon from starting.
        else await rm(path, { force: true }).catch(() => undefined);
      }
    },
    async markAsPromised(path) {
      // Its job may have ended; and one without the mark is as safe as its row.
      await chmod(path, promisedMode).catch(() => undefined);
    },
    warnings: lost.warnings,
    async requireRoomFor(byteCount, leavesReserve) {
      requireSize(byteCount);
      await requireDisk(byteCount, leavesReserve);
    },
    async receive(upload) {
      const path = join(folder, randomUUID());
      taken.add(basename(path));
      try {
        const byteCount = await write(path, upload);
        if (upload.durable) await syncFolder(folder).catch(() => undefined);
        if (byteCount > 0) return { path, byteCount };
        throw new HearthError('AUDIO_EMPTY', 'Expected the bytes of a recording, got none.');
      } catch (error) {
        // What cannot be removed now is swept at the next start.
        await rm(path, { force: true }).catch(() => undefined);
        taken.delete(basename(path));
        throw uploadError(error);
      }
    },
    async adopt(path, { durable }) {
      if (!(await isPlacedHere(path))) return null;
      const name = basename(path);
      if (taken.has(name)) {
        throw new HearthError('REQUEST_INVALID', 'Expected a recording of your own, got the upload of another job.');
      }
      taken.add(name);
      const own = join(folder, name);
      try {
        const byteCount = await secure(own, durable);
        if (durable) await syncFolder(folder).catch(() => undefined);
        return { path: own, byteCount };
      } catch (error) {
        await rm(own, { force: true }).catch(() => undefined);
        taken.delete(name);
        throw (error as NodeJS.ErrnoException).code === 'EACCES' ? notOnlyHere() : uploadError(error);
      }
    },
    async grow(firstBytes, leavesReserve) {
      await requireDisk(0, leavesReserve).catch((error) => {
        throw uploadError(error);
      });
      const path = join(folder, randomUUID());
      taken.add(basename(path));
      return growUpload({ path, firstBytes, requireSize, requireDisk: () => requireDisk(0, leavesReserve) });
    },
    find: lost.find,
    keepAsLost,
    async remove(path) {
      await rm(path, { force: true });
      taken.delete(basename(path));
    },
  };
}

/**
 * What an upload that has announced its length is taken to bring still: no more than has come of it. Who announces much and
 * sends nothing would else leave no room for others.
 */
function toCome(announcedBytes: number, byteCount: number): number {
  return Math.max(0, Math.min(announcedBytes - byteCount, Math.max(byteCount, believedBytes)));
}

function notOnlyHere(): HearthError {
  return new HearthError('REQUEST_INVALID', 'Expected a file that lies only in the spool, got another one.', {
    hint: 'Clone or copy the recording there, or give its own path. A hard link is the file itself.',
  });
}

async function isPromised(path: string): Promise<boolean> {
  return ((await lstat(path)).mode & 0o777) === promisedMode;
}

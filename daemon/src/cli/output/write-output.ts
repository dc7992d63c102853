import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { findOutputPlace } from './output-place.ts';
import { writeToPipe } from './write-to-pipe.ts';

/**
 * Writes a transcript to a path, and creates missing folders. A new file appears complete, and one that is replaced keeps its
 * mode and owner. Links are followed; pipes and devices are written to.
 * @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`, `CANCELLED` while a pipe has no reader
 */
export async function writeOutput(path: string, content: string | Uint8Array, signal?: AbortSignal): Promise<void> {
  const place = findOutputPlace(path);
  try {
    if (place.kind === 'pipe') await writeToPipe(path, content, signal);
    else if (place.kind === 'device') await appendTo(path, content);
    else await writeFile(place.path, content, place.existing);
  } catch (error) {
    throw error instanceof HearthError ? error : writeError(path, error);
  }
}

async function writeFile(path: string, content: string | Uint8Array, existing: Stats | null): Promise<void> {
  makeFolders(dirname(path));
  // A file with other hard links must stay the same file.
  if (existing !== null && existing.nlink > 1) return overwrite(path, content);
  try {
    await replace(path, content, existing);
  } catch (error) {
    if (existing === null || !isForbidden(error)) throw error;
    // The folder is read-only, or the owner cannot be kept.
    await overwrite(path, content);
  }
}

async function replace(path: string, content: string | Uint8Array, existing: Stats | null): Promise<void> {
  const temporaryPath = join(dirname(path), `.hearth-${process.pid}-${randomBytes(4).toString('hex')}.part`);
  const file = await open(temporaryPath, 'wx');
  try {
    if (existing !== null) await adoptMode(file, existing);
    await file.writeFile(content);
    // Without this, a power cut could leave an empty file in place of the older one.
    await file.datasync();
    await file.close();
    await rename(temporaryPath, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function adoptMode(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o7777);
}

async function overwrite(path: string, content: string | Uint8Array): Promise<void> {
  await withFile(path, 'r+', async (file) => {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
  });
}

function appendTo(path: string, content: string | Uint8Array): Promise<void> {
  return withFile(path, 'a', (file) => file.writeFile(content));
}

async function withFile(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code));
}

import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { findOutputPlace, type OutputPlace } from './output-place.ts';
import { requireSameFile } from './require-same-file.ts';
import { writeToPipe } from './write-to-pipe.ts';

/**
 * Writes a transcript to a path, and creates missing folders. A new file appears complete, and one that is replaced keeps its
 * mode and owner. Links are followed; pipes and devices are written to.
 * @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`, `CANCELLED` while a pipe has no reader
 */
export async function writeOutput(path: string, content: string | Uint8Array, signal?: AbortSignal): Promise<void> {
  await writeToPlace(findOutputPlace(path), content, signal);
}

/**
 * Writes to what was found at a path. If something else has taken its place meanwhile, such as a link to another file, that
 * is not written to. @throws as `writeOutput`
 */
export async function writeToPlace(
  place: OutputPlace,
  content: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const { kind, path, existing } = place;
  try {
    if (kind === 'pipe') await writeToPipe({ path, existing, signal }, content);
    else if (kind === 'device') await appendTo(path, content, existing);
    else await writeFile(path, content, existing);
  } catch (error) {
    throw error instanceof HearthError ? error : writeError(path, error);
  }
}

async function writeFile(path: string, content: string | Uint8Array, existing: Stats | null): Promise<void> {
  makeFolders(dirname(path));
  // A file with other hard links must stay the same file.
  if (existing !== null && existing.nlink > 1) return overwrite(path, content, existing);
  try {
    await replace(path, content, existing);
  } catch (error) {
    if (existing === null || !isForbidden(error)) throw error;
    // The folder is read-only, or the owner cannot be kept.
    await overwrite(path, content, existing);
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

async function overwrite(path: string, content: string | Uint8Array, existing: Stats): Promise<void> {
  await withFile(
    { path, flags: constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK, existing },
    async (file) => {
      await file.writeFile(content);
      await file.truncate(Buffer.byteLength(content));
    },
  );
}

function appendTo(path: string, content: string | Uint8Array, existing: Stats): Promise<void> {
  return withFile({ path, flags: constants.O_WRONLY | constants.O_APPEND, existing }, (file) =>
    file.writeFile(content),
  );
}

interface Opened {
  readonly path: string;
  readonly flags: number;
  readonly existing: Stats;
}

async function withFile({ path, flags, existing }: Opened, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    requireSameFile(path, existing, await file.stat());
    await work(file);
  } finally {
    await file.close();
  }
}

function isForbidden(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code));
}

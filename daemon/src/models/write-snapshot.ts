import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { sizeText } from '../errors/size-text.ts';
import { writeError } from '../errors/write-error.ts';
import { readFreeBytes } from '../settings/read-free-bytes.ts';
import { replaceFile } from '../settings/replace-file.ts';
import type { HubFile } from './hub-repository.ts';
import { isOwnRepository, ownLinks } from './own-repository.ts';

export interface SnapshotRequest {
  /** The folder of the repository in the cache, with the files among its `blobs`. */
  readonly folder: string;
  readonly commit: string;
  /** How the revision is called: see `PulledRevision`. */
  readonly reference: string;
  readonly files: readonly Pick<HubFile, 'name' | 'hash'>[];
}

/** Makes a model of files that are complete, so that it can be found; returns its folder. */
export async function writeSnapshot({ folder, commit, reference, files }: SnapshotRequest): Promise<string> {
  const snapshot = join(folder, 'snapshots', commit);
  await mkdir(snapshot, { recursive: true, mode: 0o700 });
  // Another folder of the same commit, or another format of its weights, may have been there before.
  const names = files.map(({ name }) => name);
  const others = (await isOwnRepository(folder))
    ? (await ownLinks(snapshot)).filter((old) => !names.includes(old))
    : [];
  for (const old of others) await rm(join(snapshot, old), { force: true });
  for (const { name, hash } of files) {
    const link = join(snapshot, name);
    await mkdir(dirname(link), { recursive: true, mode: 0o700 });
    await rm(link, { force: true });
    await symlink(join(relative(dirname(link), folder), 'blobs', hash.hex), link);
  }
  const path = join(folder, 'refs', reference);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  replaceFile(path, commit);
  return snapshot;
}

/** @throws `DISK_FULL` if a model of this size leaves too little of the disk */
export async function requireDisk(folder: string, byteCount: number, minFreeDiskBytes: number): Promise<void> {
  const freeBytes = await readFreeBytes(folder);
  const wanted = byteCount + minFreeDiskBytes;
  if (freeBytes < wanted) throw noRoom(wanted, freeBytes);
}

export function noRoom(wantedBytes: number, freeBytes: number): HearthError {
  return new HearthError(
    'DISK_FULL',
    `Expected ${sizeText(wantedBytes, Math.ceil)} of free disk space for the model, got ${sizeText(freeBytes, Math.floor)}.`,
    { hint: 'Free some disk space and pull the model again. `minFreeDiskBytes` in the settings says what stays free.' },
  );
}

/** What failed while a model was written into the cache: in our words if the file system refused it, else as it is. */
export function hubFolderError(hubFolder: string, error: unknown): unknown {
  const isOfDisk = !(error instanceof HearthError) && (error as NodeJS.ErrnoException).syscall !== undefined;
  return isOfDisk ? writeError(hubFolder, error, { code: 'HOME_NOT_WRITABLE' }) : error;
}

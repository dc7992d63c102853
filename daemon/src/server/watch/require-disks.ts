import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { diskOf } from './disk-of.ts';
import { nodeOf } from './found-recording.ts';
import type { FolderDisks, StoredFolder, StoredRecording } from './stored-watch.ts';

/** Looks where the disks begin of the folders to which transcripts and recordings go. */
export async function disksOf({ to, moveDone }: StoredFolder['rules']): Promise<FolderDisks> {
  return {
    to: to === null ? null : await diskOf(to),
    moveDone: moveDone === null ? null : await diskOf(moveDone),
  };
}

/**
 * That the folders to which the transcripts of a recording go are still on their disks. While a disk is away, its folders can be
 * made anew on the one below it, where nobody finds what is in them once it is back.
 * @throws `OUTPUT_NOT_WRITABLE`
 */
export async function requireDisks(
  recording: Pick<StoredRecording, 'path' | 'node' | 'disk'>,
  { rules, disks }: Pick<StoredFolder, 'rules' | 'disks'>,
): Promise<void> {
  if (!(await isThere(recording))) await requireDisk(dirname(recording.path), recording.disk);
  if (rules.to !== null) await requireDisk(rules.to, disks.to);
  if (rules.moveDone !== null) await requireDisk(rules.moveDone, disks.moveDone);
}

async function isThere({ path, node }: Pick<StoredRecording, 'path' | 'node'>): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && nodeOf(found) === node;
}

async function requireDisk(folder: string, disk: string | null): Promise<void> {
  const place = await diskOf(folder).catch((error: unknown) => {
    throw writeError(folder, error);
  });
  if (disk === null || place === disk) return;
  throw new HearthError('OUTPUT_NOT_WRITABLE', `The disk of ${folder} is not where it was, at ${disk}.`, {
    hint: 'Hearth writes when it is there again. If the folder has moved for good, remove it with `hearth watch remove`, and add it again.',
  });
}

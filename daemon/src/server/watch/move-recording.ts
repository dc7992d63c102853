import type { Stats } from 'node:fs';
import { link, lstat, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { openWithoutLinks } from '../../settings/open-without-links.ts';
import { syncFolder } from '../../settings/sync-folder.ts';
import { copyOf } from './copy-recording.ts';
import { cannotLink, numberedName } from './give-name.ts';
import { findSameContent } from './recording-content.ts';
import { giveBackTaken, removeFile } from './remove-file.ts';
import type { StoredRecording } from './stored-watch.ts';
import { isCopy, writeWhole } from './write-whole.ts';

/** One at a time: two recordings of one name would take each other's place on a disk that has no links. */
let lastMove: Promise<void> = Promise.resolve();

/** What is known of a recording that was transcribed: a file of the same name may be another one by now. */
export type TranscribedRecording = Pick<
  StoredRecording,
  'path' | 'node' | 'size' | 'mtimeMs' | 'ctimeMs' | 'fingerprint'
>;

/**
 * Moves a recording that is transcribed. Nothing is replaced: if somebody took its name, it gets a number. The recording is
 * whole in one of the two places at every moment. One that is gone from its place was moved by its owner, and one that has
 * changed stays: it is a new recording.
 * @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`
 */
export function moveRecording(recording: TranscribedRecording, wanted: string): Promise<void> {
  const move = lastMove.then(() => moveNow(recording, wanted));
  lastMove = move.catch(() => undefined);
  return move;
}

async function moveNow(recording: TranscribedRecording, wanted: string): Promise<void> {
  const { path: from } = recording;
  try {
    const made = await mkdir(dirname(wanted), { recursive: true });
    await giveBackTaken(from);
    const source = await statusOf(from);
    if (source === null || (await isSameFolder(dirname(from), dirname(wanted)))) return;
    if (!(await isStill(recording, source))) return;
    const [folder, ending] = [dirname(wanted), extname(wanted)];
    for (let number = 1; ; number++) {
      const to = join(folder, numberedName(basename(wanted, ending), number, ending));
      const brought = await bringTo(from, to, source);
      if (brought === 'taken') continue;
      // Before it is removed from its place: the power may go in between.
      await syncFolder(folder, made);
      const [now, there] = [await statusOf(from), await statusOf(to)];
      // The same folder by another way: to remove one name would remove both.
      if (now !== null && (there === null || isSameName(there, now))) return;
      // A link changes the time of the change; a copy does not.
      const isLink = now !== null && there !== null && isSameFile(now, there);
      if (now !== null && isAsBefore(now, source) && (isLink || now.ctimeMs === source.ctimeMs)) {
        await removeFile(from, (found) => isAsBefore(found, source));
      }
      // It goes on growing: what is in the other place is a part of it.
      else if (now !== null && isSameFile(now, source) && (brought === 'made' || (await isLinked(to, now))))
        await removeFile(to, (found) => there !== null && isSameFile(found, there));
      return;
    }
  } catch (error) {
    throw writeError(wanted, error);
  }
}

/** Reads the file only if something has touched it. */
async function isStill(recording: TranscribedRecording, now: Stats): Promise<boolean> {
  const { node, size, mtimeMs, ctimeMs } = recording;
  if (!now.isFile() || now.size !== size) return false;
  const isUntouched = now.mtimeMs === mtimeMs && (ctimeMs === null || now.ctimeMs === ctimeMs);
  if (isUntouched && node.startsWith(`${now.ino}:`)) return true;
  return (await findSameContent([recording], recording)) !== undefined;
}

function statusOf(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}

async function isLinked(path: string, status: Stats): Promise<boolean> {
  const found = await statusOf(path);
  return found !== null && isSameFile(found, status);
}

/** The numbers of files are each disk's own. */
function isSameFile(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Whether two paths lead to one file that has no second name, also if its folder is mounted twice. */
function isSameName(one: Stats, other: Stats): boolean {
  if (isSameFile(one, other)) return one.nlink < 2;
  return one.ino === other.ino && one.birthtimeMs === other.birthtimeMs && one.ctimeMs === other.ctimeMs;
}

/** Also through a link, or as a mount. */
async function isSameFolder(one: string, other: string): Promise<boolean> {
  return one === other || isSameFile(await stat(one), await stat(other));
}

function isAsBefore(now: Stats, before: Stats): boolean {
  return isSameFile(now, before) && now.size === before.size && now.mtimeMs === before.mtimeMs;
}

/** Whether another file has the name, or the recording is there now: it was before, or this has made it. */
async function bringTo(from: string, to: string, source: Stats): Promise<'taken' | 'there' | 'made'> {
  const there = await statusOf(to);
  if (there !== null) {
    // It was linked or copied before the daemon died.
    return isSameFile(there, source) || (there.isFile() && (await isCopy(from, to))) ? 'there' : 'taken';
  }
  try {
    await linkTo(from, to, source);
    return 'made';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'taken';
    throw error;
  }
}

/** @throws EEXIST for a name that somebody has taken meanwhile */
async function linkTo(from: string, to: string, source: Stats): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!cannotLink.includes(code)) throw error;
    await copyTo(from, to, source);
    return;
  }
  if (await isLinked(to, source)) return;
  // Something took the place of the recording at this moment; it stays there.
  const made = await statusOf(to);
  await removeFile(to, (found) => made !== null && isSameFile(found, made) && found.nlink > 1);
  throw changed(from);
}

/** To another disk. */
async function copyTo(from: string, to: string, source: Stats): Promise<void> {
  const recording = await openWithoutLinks(from);
  try {
    if (!isSameFile(await recording.stat(), source)) throw changed(from);
    await writeWhole({ path: to, recording: from, mode: 0o600, ...copyOf(from, recording, source) });
  } finally {
    await recording.close();
  }
}

function changed(from: string): Error {
  return Object.assign(new Error(`Expected ${from} to stay as it is while it is moved.`), { code: 'EBUSY' });
}

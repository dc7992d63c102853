import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { formats } from '../../formats/formats.ts';
import type { TranscriptOrigin } from '../../formats/transcript-facts.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WatchRules } from '../../protocol/watched-folders.ts';
import { fingerprintOf, openRegular } from './found-recording.ts';
import type { OutputPlan, StoredRecording } from './watch-store.ts';

const comparedBytes = 1024 * 1024;
/** What disks say that have no links, and other disks. */
const cannotLink = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'];

/** Names for the transcripts of a recording that no file has yet, all with the same stem, and where the recording goes. */
export async function planTranscripts(recording: string, rules: WatchRules): Promise<OutputPlan> {
  const folder = rules.to ?? dirname(recording);
  const stem = basename(recording, extname(recording));
  const pathsOf = (number: number) =>
    rules.formats.map((format) => ({
      format,
      path: join(folder, `${numbered(stem, number)}.${formats[format].extension}`),
    }));
  const movedTo = (number: number) => join(rules.moveDone ?? '', `${numbered(stem, number)}${extname(recording)}`);
  const number = await firstFree((each) => pathsOf(each).map(({ path }) => path));
  const place = rules.moveDone === null ? null : movedTo(await firstFree((each) => [movedTo(each)]));
  return { outputs: pathsOf(number), movedTo: place };
}

export interface FoundTranscript {
  /** Where the recording is, or was when its job began. */
  readonly recording: string;
  readonly transcript: Transcript;
  readonly options: TranscriptionOptions;
  /** The same each time. */
  readonly origin: TranscriptOrigin;
}

/** Writes what a plan says; a second call writes the same again. @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL` */
export async function writeTranscripts(
  plan: OutputPlan,
  { recording, transcript, options, origin }: FoundTranscript,
): Promise<void> {
  for (const { format, path } of plan.outputs) {
    await writeWhole(path, formats[format].write(transcript, options, origin), recording);
  }
}

/** One at a time: two recordings of one name would take each other's place on a disk that has no links. */
let lastMove: Promise<void> = Promise.resolve();

/** What is known of a recording that was transcribed: a file of the same name may be another one by now. */
export type TranscribedRecording = Pick<StoredRecording, 'path' | 'node' | 'size' | 'mtimeMs' | 'fingerprint'>;

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
    await mkdir(dirname(wanted), { recursive: true });
    const source = await lstat(from).catch(() => null);
    if (source === null || dirname(from) === dirname(wanted) || !(await isStill(recording, source))) return;
    const [folder, ending] = [dirname(wanted), extname(wanted)];
    for (let number = 1; ; number++) {
      const to = join(folder, `${numbered(basename(wanted, ending), number)}${ending}`);
      if (!(await bringTo(from, to, source.ino))) continue;
      const now = await lstat(from).catch(() => null);
      if (now !== null && isAsBefore(now, source)) await unlink(from);
      // It goes on growing: what is in the other place is a part of it.
      else if (now?.ino === source.ino) await unlink(to);
      return;
    }
  } catch (error) {
    throw writeError(wanted, error);
  }
}

/** Reads a part of the file only if something has touched it. */
async function isStill({ path, node, size, mtimeMs, fingerprint }: TranscribedRecording, now: Stats): Promise<boolean> {
  if (!now.isFile() || now.size !== size) return false;
  if (now.mtimeMs === mtimeMs && node.startsWith(`${now.ino}:`)) return true;
  return (await fingerprintOf({ path, size })) === fingerprint;
}

function isAsBefore(now: Stats, before: Stats): boolean {
  return now.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs;
}

/** Whether the recording is there now; false if another file is. */
async function bringTo(from: string, to: string, ino: number): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // It was linked before the daemon died.
    if (code === 'EEXIST') return (await lstat(to)).ino === ino || (await isCopy(from, to));
    if (!cannotLink.includes(code)) throw error;
    return copyWhole(from, to);
  }
}

/** To another disk. What has its name was copied to its end. */
async function copyWhole(from: string, to: string): Promise<boolean> {
  if ((await lstat(to).catch(() => null)) !== null) return isCopy(from, to);
  const unfinished = `${to}.hearth-part`;
  await rm(unfinished, { force: true });
  await copyFile(from, unfinished, constants.COPYFILE_EXCL);
  const file = await open(unfinished, 'r+');
  await file.sync().finally(() => file.close());
  await rename(unfinished, to);
  return true;
}

/** Compared to the last byte, since one of the two is deleted then. */
async function isCopy(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([openRegular(left), openRegular(right)]);
  try {
    if ((await one.stat()).size !== (await other.stat()).size) return false;
    const chunks = [Buffer.alloc(comparedBytes), Buffer.alloc(comparedBytes)] as const;
    for (;;) {
      const [read, { bytesRead }] = await Promise.all([one.read(chunks[0]), other.read(chunks[1])]);
      if (read.bytesRead !== bytesRead) return false;
      if (bytesRead === 0) return true;
      if (!chunks[0].subarray(0, bytesRead).equals(chunks[1].subarray(0, bytesRead))) return false;
    }
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

async function firstFree(pathsOf: (number: number) => readonly string[]): Promise<number> {
  for (let number = 1; ; number++) {
    const found = await Promise.all(pathsOf(number).map((path) => lstat(path).catch(() => null)));
    if (found.every((each) => each === null)) return number;
  }
}

function numbered(stem: string, number: number): string {
  return number === 1 ? stem : `${stem} ${number}`;
}

/** A new file, whole or not at all. One that has the same content already was written before the daemon died. */
async function writeWhole(path: string, content: string | Uint8Array, recording: string): Promise<void> {
  // The same each time, so that a daemon that was killed leaves nothing behind for good; and each recording's own, since two
  // of one name may end at once.
  const name = createHash('sha256').update(`${path}\0${recording}`).digest('hex').slice(0, 16);
  const unfinished = join(dirname(path), `.hearth-${name}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    // In a folder that others may write to, a link of that name could lead anywhere.
    await rm(unfinished, { force: true });
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await giveName(unfinished, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await isCopy(unfinished, path))) throw error;
    });
  } catch (error) {
    throw writeError(path, error);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

/** @throws EEXIST instead of replacing a file */
async function giveName(unfinished: string, path: string): Promise<void> {
  await link(unfinished, path).catch(async (error: NodeJS.ErrnoException) => {
    if (!cannotLink.includes(String(error.code))) throw error;
    await copyFile(unfinished, path, constants.COPYFILE_EXCL);
  });
}

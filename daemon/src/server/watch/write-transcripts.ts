import { lstat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { formats } from '../../formats/formats.ts';
import type { TranscriptOrigin } from '../../formats/transcript-facts.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WatchRules } from '../../protocol/watched-folders.ts';
import { numberedName } from './give-name.ts';
import type { OutputPlan } from './stored-watch.ts';
import { writeWhole } from './write-whole.ts';

/** Names for the transcripts of a recording that no file has yet, all with the same stem, and where the recording goes. */
export async function planTranscripts(recording: string, rules: WatchRules): Promise<OutputPlan> {
  const folder = rules.to ?? dirname(recording);
  const stem = basename(recording, extname(recording));
  const pathsOf = (number: number) =>
    rules.formats.map((format) => ({
      format,
      path: join(folder, numberedName(stem, number, `.${formats[format].extension}`)),
    }));
  const movedTo = (number: number) => join(rules.moveDone ?? '', numberedName(stem, number, extname(recording)));
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

/**
 * Writes one transcript of a plan; a second call writes the same again. A file that somebody else has put there is not
 * replaced: then the error's cause is EEXIST.
 * @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`
 */
export async function writeTranscript(
  { format, path }: OutputPlan['outputs'][number],
  { recording, transcript, options, origin }: FoundTranscript,
): Promise<void> {
  try {
    const content = formats[format].write(transcript, options, origin);
    await writeWhole({ path, recording, fill: (file) => file.writeFile(content) });
  } catch (error) {
    throw writeError(path, error);
  }
}

async function firstFree(pathsOf: (number: number) => readonly string[]): Promise<number> {
  for (let number = 1; ; number++) {
    if (await areFree(pathsOf(number))) return number;
  }
}

async function areFree(paths: readonly string[]): Promise<boolean> {
  // One after the other: on a disk that does not answer each call takes a thread.
  for (const path of paths) {
    const found = await lstat(path).catch(() => null);
    if (found !== null) return false;
  }
  return true;
}

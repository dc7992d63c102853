import { lstatSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { getTranscript, searchHistoryPages } from '../../client/history.ts';
import type { Daemon } from '../../client/request.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { fileName } from '../../formats/file-name.ts';
import { type FormatName, formats } from '../../formats/formats.ts';
import type { HistoryEntry } from '../../protocol/history.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { render } from '../output/transcript-sink.ts';
import { tryToWrite } from '../output/try-to-write.ts';
import { writeOutput } from '../output/write-output.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { resolveTranscriptIds } from '../resolve-ids.ts';
import { errorSentence } from '../terminal/error-sentence.ts';
import { log, warn } from '../terminal/print.ts';
import { localDate } from '../terminal/time-text.ts';

export interface ExportRequest {
  readonly folder: string;
  /** Ids, or the start of them; all transcripts when there are none. */
  readonly ids: readonly string[];
  readonly formats: readonly FormatName[];
}

/** `hearth export`: one file for each transcript and format. A file that exists is kept, since somebody may have corrected it. */
export async function exportHistory({ folder, ids, formats: names }: ExportRequest): Promise<void> {
  requireWritableFolder(folder);
  const daemon = await reachDaemon();
  const wanted = ids.length === 0 ? null : new Set(await resolveTranscriptIds(daemon, ids));
  const counts = { written: 0, there: 0, failed: 0 };
  for await (const { entries } of searchHistoryPages(daemon)) {
    for (const entry of entries) {
      if (wanted !== null && !wanted.has(entry.id)) continue;
      for (const format of names) counts[await exportEntry(daemon, entry, { folder, format })]++;
    }
  }
  const { written, there, failed } = counts;
  const more = `${there > 0 ? `, ${there} already there` : ''}${failed > 0 ? `, ${failed} failed` : ''}`;
  log(`${written} ${written === 1 ? 'file' : 'files'} written to ${visibleText(folder)}${more}.`);
  if (failed > 0) process.exitCode = exitCodes.failed;
}

async function exportEntry(
  daemon: Daemon,
  entry: HistoryEntry,
  { folder, format }: { readonly folder: string; readonly format: FormatName },
): Promise<'written' | 'there' | 'failed'> {
  try {
    const path = join(folder, fileNameOf(entry, format));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return 'there';
    const { result, options } = await getTranscript(daemon, entry.id);
    const origin = { name: entry.name, createdAt: new Date(entry.createdAt) };
    await writeOutput(path, await render(format, result, options, origin));
    return 'written';
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.failed) throw error;
    warn(`${visibleText(entry.name ?? entry.id)}: ${errorSentence(error)}`);
    return 'failed';
  }
}

/** @throws `OPTION_INVALID` */
function requireWritableFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) {
    const trial = join(folder, 'transcript');
    try {
      tryToWrite(trial);
    } catch (cause) {
      // It is wrong for all of them, as a wrong option is.
      const message = (cause as Error).message.replace(trial, folder);
      throw new HearthError('OPTION_INVALID', message, { hint: 'Name another folder.', cause });
    }
    return;
  }
  throw new HearthError('OPTION_INVALID', `Expected a folder, got the file ${visibleText(folder)}.`, {
    hint: 'Name another place.',
  });
}

/** Names may repeat and contain anything; the id makes them unique. */
function fileNameOf({ id, name, createdAt }: HistoryEntry, format: FormatName): string {
  const title = basename(name ?? '', extname(name ?? '')).replace(/[^\p{Letter}\p{Mark}\p{Number}._ -]+/gu, '_');
  const date = localDate(new Date(createdAt));
  return fileName(title === '' ? date : `${date} ${title}`, ` ${id.slice(0, 8)}.${formats[format].extension}`);
}

import { lstatSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { getTranscript, searchHistoryPages } from '../../client/history.ts';
import type { Daemon } from '../../client/request.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { type FormatName, formats } from '../../formats/formats.ts';
import type { HistoryEntry } from '../../protocol/history.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { fileName } from '../output/file-name.ts';
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
  readonly format: FormatName;
}

/** `hearth history export`: one file each. A file that exists is kept, since somebody may have corrected it. */
export async function exportHistory({ folder, ids, format }: ExportRequest): Promise<void> {
  requireFolder(folder);
  tryToWrite(join(folder, 'transcript'));
  const daemon = await reachDaemon();
  const wanted = ids.length === 0 ? null : new Set(await resolveTranscriptIds(daemon, ids));
  const counts = { written: 0, there: 0, failed: 0 };
  for await (const { entries } of searchHistoryPages(daemon)) {
    for (const entry of entries) {
      if (wanted === null || wanted.has(entry.id)) counts[await exportEntry(daemon, entry, { folder, format })]++;
    }
  }
  const { written, there, failed } = counts;
  const more = `${there > 0 ? `, ${there} already there` : ''}${failed > 0 ? `, ${failed} failed` : ''}`;
  log(`${written} ${written === 1 ? 'transcript' : 'transcripts'} written to ${visibleText(folder)}${more}.`);
  if (failed > 0) process.exitCode = exitCodes.failed;
}

async function exportEntry(
  daemon: Daemon,
  entry: HistoryEntry,
  { folder, format }: Pick<ExportRequest, 'folder' | 'format'>,
): Promise<'written' | 'there' | 'failed'> {
  try {
    const path = join(folder, fileNameOf(entry, format));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return 'there';
    const { result, options } = await getTranscript(daemon, entry.id);
    await writeOutput(path, formats[format].write(result, options));
    return 'written';
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.failed) throw error;
    warn(`${visibleText(entry.name ?? entry.id)}: ${errorSentence(error)}`);
    return 'failed';
  }
}

/** @throws `OPTION_INVALID` */
function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) return;
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

import { lstatSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import {
  deleteAllTranscripts,
  deleteTranscript,
  getTranscript,
  searchHistoryPages,
} from '../client/history.ts';
import type { Daemon } from '../client/request.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import { type FormatName, formats } from '../formats/formats.ts';
import type { HistoryEntry } from '../history/history.ts';
import { reachDaemon } from './ask-daemon.ts';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { findByBeginning } from './find-by-beginning.ts';
import { fileName } from './output/file-name.ts';
import { isOneDocument } from './output/plan-output.ts';
import { writeOutput } from './output/write-output.ts';
import { clockLength } from './terminal/clock-length.ts';
import { localDate, localMinute, localZone } from './terminal/local-time.ts';
import { complain, printJson, printText, say } from './terminal/print.ts';
import { outputColumns, textTable } from './terminal/text-table.ts';

const header = ['ID', `CREATED (${localZone()})`, 'LENGTH', 'LANGUAGE', 'TEXT'];

/** `hearth history`. */
export async function listHistory(request: {
  readonly words: readonly string[];
  readonly limit: number;
  readonly json: boolean;
}): Promise<ExitCode> {
  const { words, limit, json } = request;
  const entries: HistoryEntry[] = [];
  let total = 0;
  let isMore = false;
  for await (const page of searchHistoryPages(await reachDaemon(), queryOf(words))) {
    total = page.total;
    entries.push(...page.entries);
    isMore = entries.length > limit || page.nextBefore !== null;
    if (entries.length >= limit) break;
  }
  const shown = entries.slice(0, limit);
  if (json) printJson(shown);
  else if (shown.length === 0) say(nothingFound(words));
  else printText(textTable({ header, rows: shown.map(rowOf), columns: outputColumns() }));
  if (isMore && !json) say(words.length === 0 ? `${limit} of ${total}. -n ${total} lists all.` : moreFound(limit));
  return exitCodes.ok;
}

function nothingFound(words: readonly string[]): string {
  if (words.length === 0) return 'No transcripts.';
  const quoted = words.map((word) => `"${visibleText(word)}"`);
  return `No transcript contains ${quoted.length === 1 ? quoted[0] : `all of ${quoted.join(', ')}`}.`;
}

function moreFound(limit: number): string {
  return `The newest ${limit} that were found. -n ${limit * 5} lists more.`;
}

function rowOf({ id, createdAt, durationSeconds, language, name, excerpt }: HistoryEntry): readonly string[] {
  const line = visibleText(excerpt.replace(/\s+/g, ' ').trim());
  const text = name === null ? line : `${visibleText(name)}: ${line}`;
  return [id.slice(0, 8), localMinute(new Date(createdAt)), clockLength(durationSeconds), language, text];
}

/** `hearth history show`. */
export async function showHistory(request: {
  readonly ids: readonly string[];
  readonly format: FormatName;
}): Promise<ExitCode> {
  const { ids, format } = request;
  if (ids.length > 1 && isOneDocument(format)) {
    throw new HearthError('OPTION_INVALID', `Expected one transcript for ${format}, got ${ids.length}.`, {
      hint: 'Write each into a file of its own with `hearth history export`.',
    });
  }
  const daemon = await reachDaemon();
  for (const id of await resolve(daemon, ids)) {
    const written = await read(daemon, id, format);
    if (format === 'txt' && written.trim() === '') complain(`${id}: no speech found`);
    printText(written === '' || written.endsWith('\n') ? written : `${written}\n`);
  }
  return exitCodes.ok;
}

/** `hearth history export`: one file each. What is there already is left as it is, since somebody may have corrected it. */
export async function exportHistory(request: {
  readonly folder: string;
  readonly ids: readonly string[];
  readonly format: FormatName;
}): Promise<ExitCode> {
  const { folder, format } = request;
  requireFolder(folder);
  const daemon = await reachDaemon();
  const wanted = request.ids.length === 0 ? null : new Set(await resolve(daemon, request.ids));
  const counts = { written: 0, there: 0, failed: 0 };
  for await (const entry of everyEntry(daemon)) {
    if (wanted !== null && !wanted.has(entry.id)) continue;
    counts[await exportEntry(daemon, entry, { folder, format })]++;
  }
  const { written, there, failed } = counts;
  const more = `${there > 0 ? `, ${there} there already` : ''}${failed > 0 ? `, ${failed} failed` : ''}`;
  say(`${written} ${written === 1 ? 'transcript' : 'transcripts'} written to ${visibleText(folder)}${more}.`);
  return failed > 0 ? exitCodes.failed : exitCodes.ok;
}

async function exportEntry(
  daemon: Daemon,
  entry: HistoryEntry,
  { folder, format }: { readonly folder: string; readonly format: FormatName },
): Promise<'written' | 'there' | 'failed'> {
  try {
    const path = join(folder, fileNameOf(entry, format));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return 'there';
    await writeOutput(path, await read(daemon, entry.id, format));
    return 'written';
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.failed) throw error;
    complain(`${visibleText(entry.name ?? entry.id)}: ${errorSentence(error)}`);
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

/** Names may repeat and hold anything; the id keeps them apart. */
function fileNameOf({ id, name, createdAt }: HistoryEntry, format: FormatName): string {
  const title = basename(name ?? '', extname(name ?? '')).replace(/[^\p{Letter}\p{Mark}\p{Number}._ -]+/gu, '_');
  const stem = [localDate(new Date(createdAt)), ...(title === '' ? [] : [title])].join(' ');
  return fileName(stem, ` ${id.slice(0, 8)}.${formats[format].extension}`);
}

/** `hearth history delete`. */
export async function deleteHistory(request: {
  readonly ids: readonly string[];
  readonly all: boolean;
}): Promise<ExitCode> {
  if (request.all === request.ids.length > 0) {
    throw new HearthError('OPTION_INVALID', 'Expected ids or --all, got neither or both.', {
      hint: 'See `hearth history` for the ids.',
    });
  }
  const daemon = await reachDaemon();
  const ids = await resolve(daemon, request.ids);
  for (const id of ids) await deleteTranscript(daemon, id);
  const count = request.all ? await deleteAllTranscripts(daemon) : ids.length;
  say(`${count} ${count === 1 ? 'transcript' : 'transcripts'} deleted.`);
  return exitCodes.ok;
}

async function* everyEntry(daemon: Daemon): AsyncGenerator<HistoryEntry> {
  for await (const { entries } of searchHistoryPages(daemon)) yield* entries;
}

function queryOf(words: readonly string[]): string {
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');
}

async function resolve(daemon: Daemon, typed: readonly string[]): Promise<readonly string[]> {
  if (typed.length === 0) return [];
  const ids: string[] = [];
  for await (const { id } of everyEntry(daemon)) ids.push(id);
  return typed.map((each) => findByBeginning(ids, each, 'HISTORY_ENTRY_NOT_FOUND'));
}

async function read(daemon: Daemon, id: string, format: FormatName): Promise<string> {
  const { result, options } = await getTranscript(daemon, id);
  return formats[format].write(result, options);
}

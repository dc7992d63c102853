import { lstatSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { requestOverSocket } from '../client/request-over-socket.ts';
import { responseError } from '../client/response-error.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { type FormatName, formats } from '../formats/formats.ts';
import { askDaemon, reachDaemon } from './ask-daemon.ts';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { findByBeginning } from './find-by-beginning.ts';
import { fileName } from './output/file-name.ts';
import { isOneDocument } from './output/plan-output.ts';
import { writeOutput } from './output/write-output.ts';
import { textTable } from './text-table.ts';

const pageSize = 200;

interface Entry {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string;
  readonly durationSeconds: number;
  readonly language: string;
  readonly excerpt: string;
}

interface Page {
  readonly entries: readonly Entry[];
  readonly nextBefore: number | null;
}

/** `hearth history`. */
export async function listHistory(request: {
  readonly words: readonly string[];
  readonly limit: number;
  readonly json: boolean;
}): Promise<ExitCode> {
  const entries: Entry[] = [];
  for await (const entry of search(request.words)) {
    entries.push(entry);
    if (entries.length === request.limit) break;
  }
  if (request.json) process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
  else if (entries.length === 0) process.stderr.write('No transcripts.\n');
  else process.stdout.write(textTable(entries.map(rowOf)));
  return exitCodes.ok;
}

function rowOf({ id, createdAt, name, excerpt }: Entry): readonly string[] {
  const line = excerpt.replace(/\s+/g, ' ').trim();
  const shown = name === null ? line : `${name}: ${line}`;
  return [id.slice(0, 8), new Date(createdAt).toLocaleString('sv').slice(0, 16), shown.slice(0, 100)];
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
  for (const id of await resolve(ids)) {
    const written = await read(id, format);
    process.stdout.write(written === '' || written.endsWith('\n') ? written : `${written}\n`);
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
  const wanted = request.ids.length === 0 ? null : new Set(await resolve(request.ids));
  const counts = { written: 0, there: 0, failed: 0 };
  for await (const entry of search([])) {
    if (wanted !== null && !wanted.has(entry.id)) continue;
    counts[await exportEntry(entry, { folder, format })]++;
  }
  const { written, there, failed } = counts;
  const more = `${there > 0 ? `, ${there} there already` : ''}${failed > 0 ? `, ${failed} failed` : ''}`;
  process.stderr.write(`${written} ${written === 1 ? 'transcript' : 'transcripts'} written to ${folder}${more}.\n`);
  return failed > 0 ? exitCodes.failed : exitCodes.ok;
}

async function exportEntry(
  entry: Entry,
  { folder, format }: { readonly folder: string; readonly format: FormatName },
): Promise<'written' | 'there' | 'failed'> {
  try {
    const path = join(folder, fileNameOf(entry, format));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return 'there';
    await writeOutput(path, await read(entry.id, format));
    return 'written';
  } catch (error) {
    if (exitCodeOf(error) !== exitCodes.failed) throw error;
    process.stderr.write(`hearth: ${entry.name ?? entry.id}: ${errorSentence(error)}\n`);
    return 'failed';
  }
}

/** @throws `OPTION_INVALID` */
function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true) return;
  throw new HearthError('OPTION_INVALID', `Expected a folder, got the file ${folder}.`, {
    hint: 'Name another place.',
  });
}

/** Names may repeat and hold anything; the id keeps them apart. */
function fileNameOf({ id, name, createdAt }: Entry, format: FormatName): string {
  const title = basename(name ?? '', extname(name ?? '')).replace(/[^\p{Letter}\p{Mark}\p{Number}._ -]+/gu, '_');
  const stem = [createdAt.slice(0, 10), ...(title === '' ? [] : [title])].join(' ');
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
  const paths = request.all ? ['/v1/history'] : (await resolve(request.ids)).map((id) => `/v1/history/${id}`);
  let count = 0;
  for (const path of paths) count += (await askDaemon<{ deleted: number }>({ method: 'DELETE', path })).deleted;
  process.stderr.write(`${count} ${count === 1 ? 'transcript' : 'transcripts'} deleted.\n`);
  return exitCodes.ok;
}

/** Everything that is found, page after page. */
async function* search(words: readonly string[]): AsyncGenerator<Entry> {
  let before: number | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(words.length > 0 && { query: words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ') }),
      ...(before !== null && { before: String(before) }),
    });
    const page: Page = await askDaemon<Page>({ path: `/v1/history?${query}` });
    yield* page.entries;
    before = page.nextBefore;
  } while (before !== null);
}

async function resolve(typed: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of search([])) ids.push(id);
  return typed.map((each) => findByBeginning(ids, each, 'HISTORY_ENTRY_NOT_FOUND'));
}

async function read(id: string, format: FormatName): Promise<string> {
  const { socketPath } = await reachDaemon();
  const response = await requestOverSocket({ socketPath, method: 'GET', path: `/v1/history/${id}?format=${format}` });
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  return text(response);
}

import { type Command, Option } from 'commander';
import { deleteAllTranscripts, deleteTranscript, getTranscript, searchHistoryPages } from '../../client/history.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { TextFormatName } from '../../formats/formats.ts';
import type { HistoryEntry } from '../../protocol/history.ts';
import { isOneDocument, textFormatNames } from '../output/plan-output.ts';
import { render } from '../output/transcript-sink.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { resolveTranscriptIds } from '../resolve-ids.ts';
import { log, printJson, printText } from '../terminal/print.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { clockLength, localMinute, localZone } from '../terminal/time-text.ts';
import { parseCount } from '../usage/argument-checks.ts';
import { warnOfTranscript } from '../warn-of-transcript.ts';
import { define as defineExport } from './export.ts';

/** `hearth history`, and `show` and `delete` below it. */
export function define(history: Command): void {
  history
    .description('Lists past transcripts, newest first. With words, only those that contain all of them.')
    .helpCommand(true)
    .argument('[word...]', 'words or parts of words; "two words" for a phrase')
    .option('-n, --limit <n>', 'Number of transcripts to list.', parseCount, 20)
    .option('--json', 'Print the list as JSON.')
    .action(async (words: string[], { limit, json = false }: { limit: number; json?: boolean }) => {
      await list({ words, limit, json });
    });
  history
    .command('show')
    .summary('print transcripts')
    .description('Prints transcripts, and their warnings on standard error.')
    .argument('<id...>', 'ids of transcripts; the start of an id is enough')
    .addOption(formatOption())
    .action(async (ids: string[], { format }: { format: TextFormatName }) => show(ids, format));
  // Its name before `hearth export`.
  defineExport(history.command('export', { hidden: true }));
  history
    .command('delete')
    .summary('delete transcripts')
    .description('Deletes transcripts permanently.')
    .argument('[id...]', 'ids of transcripts; the start of an id is enough')
    .option('--all', 'Delete all transcripts.')
    .action(async (ids: string[], { all = false }: { all?: boolean }) => remove(ids, all));
}

function formatOption(): Option {
  return new Option('-f, --format <name>', 'Output format.').choices(textFormatNames).default('txt');
}

interface ListRequest {
  readonly words: readonly string[];
  readonly limit: number;
  readonly json: boolean;
}

async function list({ words, limit, json }: ListRequest): Promise<void> {
  const query = words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');
  const entries: HistoryEntry[] = [];
  let total = 0;
  let isMore = false;
  for await (const page of searchHistoryPages(await reachDaemon(), query)) {
    total = page.total;
    entries.push(...page.entries);
    isMore = entries.length > limit || page.nextBefore !== null;
    if (entries.length >= limit) break;
  }
  const shown = entries.slice(0, limit);
  if (json) return printJson(shown);
  if (shown.length === 0) return log(nothingFound(words));
  printText(tableOf(shown));
  if (!isMore) return;
  if (words.length === 0) log(`${limit} of ${total}. -n ${total} lists all.`);
  else log(`The newest ${limit} matches. -n ${limit * 5} lists more.`);
}

function nothingFound(words: readonly string[]): string {
  if (words.length === 0) return 'No transcripts.';
  const quoted = words.map((word) => `"${visibleText(word)}"`);
  return `No transcript contains ${quoted.length === 1 ? quoted[0] : `all of ${quoted.join(', ')}`}.`;
}

function tableOf(entries: readonly HistoryEntry[]): string {
  const header = ['ID', `CREATED (${localZone()})`, 'LENGTH', 'LANGUAGE', 'TEXT'];
  return textTable({ header, rows: entries.map(rowOf), columns: outputColumns() });
}

function rowOf({ id, createdAt, durationSeconds, language, name, excerpt }: HistoryEntry): readonly string[] {
  const line = visibleText(excerpt.replace(/\s+/g, ' ').trim());
  const text = name === null ? line : `${visibleText(name)}: ${line}`;
  return [id.slice(0, 8), localMinute(new Date(createdAt)), clockLength(durationSeconds), language, text];
}

async function show(typed: readonly string[], format: TextFormatName): Promise<void> {
  if (typed.length > 1 && isOneDocument(format)) {
    throw new HearthError('OPTION_INVALID', `Expected one transcript for ${format}, got ${typed.length}.`, {
      hint: 'Write each to its own file with `hearth export`.',
    });
  }
  const daemon = await reachDaemon();
  for (const id of await resolveTranscriptIds(daemon, typed)) {
    const { result, options } = await getTranscript(daemon, id);
    printText(await render(format, result, options));
    warnOfTranscript(id, result);
  }
}

async function remove(typed: readonly string[], all: boolean): Promise<void> {
  if (all === typed.length > 0) {
    throw new HearthError('OPTION_INVALID', `Expected ids or --all, got ${all ? 'both' : 'neither'}.`, {
      hint: 'See `hearth history` for the ids.',
    });
  }
  const daemon = await reachDaemon();
  const ids = await resolveTranscriptIds(daemon, typed);
  for (const id of ids) await deleteTranscript(daemon, id);
  const count = all ? await deleteAllTranscripts(daemon) : ids.length;
  log(`${count} ${count === 1 ? 'transcript' : 'transcripts'} deleted.`);
}

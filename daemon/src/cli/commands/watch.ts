import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Daemon } from '../../client/request.ts';
import { changeWatch, listWatchedFolders, unwatchFolder, watchFolder } from '../../client/watch.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { answerOptionTable } from '../../protocol/options/answer-option-table.ts';
import type { WatchedFolder, WatchRequest } from '../../protocol/watched-folders.ts';
import { isAddress } from '../open-recording.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { log, printJson, printText } from '../terminal/print.ts';
import { addTranscriptionOptions, givenTranscriptionOptions } from '../transcription-flags.ts';
import { refuseOperands } from '../usage/argument-checks.ts';

const formatNames = answerOptionTable.format.choices.filter((name) => name !== 'ndjson');

/** Folders of other programs, with what suits each. */
const presets: Readonly<Record<string, Omit<WatchRequest, 'options'>>> = {
  'voice-memos': {
    path: join(homedir(), 'Library/Group Containers/group.com.apple.VoiceMemos.shared/Recordings'),
    // Other programs may not write into the folder.
    to: join(homedir(), 'Documents/Voice Memos'),
  },
  // Of each meeting there is a film with the same sound.
  zoom: { path: join(homedir(), 'Documents/Zoom'), recursive: true, endings: ['m4a'] },
};

/** `hearth watch`, and `add`, `remove`, `pause`, `resume` and `retry` below it. */
export function define(watch: Command): void {
  watch
    .description('Lists the watched folders, and the recordings in them that failed.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('--json', 'Print the folders as JSON.')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      refuseOperands(command);
      await list(json);
    });
  watch
    .command('list')
    .summary('list the watched folders')
    .description('Lists the watched folders, and the recordings in them that failed.')
    .option('--json', 'Print the folders as JSON.')
    .action(async ({ json = watch.getOptionValue('json') === true }: { json?: boolean }) => list(json));
  defineAdd(watch.command('add'));
  const described = { remove: 'no longer watch a folder', pause: 'pause a folder', resume: 'go on with a folder' };
  for (const [name, summary] of Object.entries({ ...described, retry: 'try recordings again that failed' })) {
    watch
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}. Recordings and transcripts stay.`)
      .argument('<folder...>', 'watched folders, or their ids; the start of an id is enough')
      .action(async (typed: string[]) => change(name as Change, typed));
  }
}

function defineAdd(add: Command): void {
  add
    .summary('watch a folder')
    .description('Transcribes every new recording in a folder once, as soon as it stops growing.')
    .argument('[folder]', 'the folder; --preset knows that of some programs')
    .optionsGroup('Common options:')
    .addOption(new Option('--preset <name>', 'The folder of another program.').choices(Object.keys(presets)))
    .option('-f, --format <name,name,…>', `What to write of each recording (${formatNames.join(', ')}). (default: txt)`)
    .option('--to <folder>', 'Folder for the transcripts. (default: beside the recordings)')
    .option('--move-done <folder>', 'Folder to move transcribed recordings to. Nothing is replaced.')
    .option('--recursive', 'Also watch the folders inside it.')
    .option('--only <ending,ending,…>', 'Only files with these endings. (default: all audio and video files)')
    .option('--existing', 'Also transcribe what is there already.')
    .helpOption('-h, --help', 'Show this help.');
  addTranscriptionOptions(add);
  add.action(async (folder: string | undefined, values: AddValues) => {
    const { priority, history, ...options } = givenTranscriptionOptions(add);
    if (priority !== undefined)
      throw invalid('Expected no --priority, since watched folders always let others go first.');
    await addFolder({ ...requestOf(folder, values), options, ...(history !== undefined && { history }) });
  });
}

interface AddValues {
  readonly preset?: string;
  readonly format?: string;
  readonly to?: string;
  readonly moveDone?: string;
  readonly recursive?: boolean;
  readonly only?: string;
  readonly existing?: boolean;
}

function requestOf(folder: string | undefined, values: AddValues): WatchRequest {
  const { preset, format, to, moveDone, recursive, only, existing } = values;
  const from = preset === undefined ? undefined : presets[preset];
  if (folder !== undefined && isAddress(folder)) {
    throw invalid(
      'Expected a folder, got an address.',
      `Transcribe it once: \`hearth transcribe ${visibleText(folder)}\`.`,
    );
  }
  const path = folder === undefined ? from?.path : resolve(folder);
  if (path === undefined) throw invalid('Expected a folder or --preset, got neither.');
  return {
    ...from,
    path,
    ...(format !== undefined && { formats: format.split(',').map(formatOf) }),
    ...(to !== undefined && { to: resolve(to) }),
    ...(moveDone !== undefined && { moveDone: resolve(moveDone) }),
    ...(recursive !== undefined && { recursive }),
    ...(only !== undefined && { endings: only.split(',') }),
    ...(existing !== undefined && { existing }),
  };
}

function formatOf(name: string): NonNullable<WatchRequest['formats']>[number] {
  const format = formatNames.find((each) => each === name.trim());
  if (format !== undefined) return format;
  throw invalid(`Expected formats of ${formatNames.join(', ')}, got ${name}.`);
}

async function addFolder(asked: WatchRequest): Promise<void> {
  const { path } = await watchFolder(await reachDaemon(), asked);
  log(`Watching ${path}. \`hearth watch list\` shows how it goes.`);
}

async function list(json: boolean): Promise<void> {
  const folders = await listWatchedFolders(await reachDaemon());
  if (json) return printJson({ folders });
  if (folders.length === 0) return log('No folder is watched. `hearth watch add <folder>` watches one.');
  printText(folders.map(describe).join('\n'));
}

function describe({ id, path, isPaused, problem, counts, failures, formats, to, moveDone }: WatchedFolder): string {
  const { waiting, notDownloaded, running, done, failed } = counts;
  const states = [
    [done, 'done'],
    [running, 'running'],
    [waiting, 'waiting'],
    [notDownloaded, 'not downloaded'],
    [failed, 'failed'],
  ] as const;
  const shown = states
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, state]) => `${count} ${state}`);
  const lines = [
    `${id.slice(0, 8)}  ${path}${isPaused ? ' (paused)' : ''}`,
    `          ${formats.join(', ')} ${to === null ? 'beside the recordings' : `to ${to}`}`,
    ...(moveDone === null ? [] : [`          recordings that are done go to ${moveDone}`]),
    `          ${shown.join(', ')}`,
    ...(problem === null ? [] : [`          waits: ${problem.message} ${problem.hint}`]),
    ...failures.map(({ path: recording, error }) => `          failed: ${recording}: ${error.message} ${error.hint}`),
  ];
  return lines.map((line) => `${visibleText(line.trimEnd())}\n`).join('');
}

const wholeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Change = 'remove' | 'pause' | 'resume' | 'retry';

const told: Readonly<Record<Change, string>> = {
  remove: 'no longer watched',
  pause: 'paused',
  resume: 'watched again',
  retry: 'what failed is tried again',
};

async function change(name: Change, typed: readonly string[]): Promise<void> {
  const daemon = await reachDaemon();
  for (const folder of await resolveFolders(daemon, typed)) {
    if (name === 'remove') await unwatchFolder(daemon, folder.id);
    else await changeWatch(daemon, folder.id, name);
    log(`${folder.path}: ${told[name]}${name === 'remove' ? unheardSentence(folder) : ''}`);
  }
}

type KnownFolder = Pick<WatchedFolder, 'id' | 'path'> & { readonly counts: WatchedFolder['counts'] | null };

/** All of them, before the first one is changed. */
async function resolveFolders(daemon: Daemon, typed: readonly string[]): Promise<readonly KnownFolder[]> {
  const folders = await listWatchedFolders(daemon);
  return typed.map((word) => {
    const matches = folders.filter(({ id, path }) => path === resolve(word) || id.startsWith(word));
    const [only, another] = matches;
    if (only !== undefined && another === undefined) return only;
    // One whose entry is damaged is not in the list.
    if (only === undefined && wholeId.test(word)) return { id: word, path: word, counts: null };
    const got = only === undefined ? `${word}, which is none` : `${word}, which is more than one`;
    throw invalid(`Expected a watched folder or the start of its id, got ${got}.`, 'See `hearth watch list`.');
  });
}

function invalid(message: string, hint = ''): HearthError {
  return new HearthError('OPTION_INVALID', message, { hint });
}

/** Of recordings that came and are not heard any more, since their folder is removed. */
function unheardSentence({ counts }: KnownFolder): string {
  const count = counts === null ? 0 : counts.waiting + counts.running;
  if (count === 0) return '';
  const recordings = count === 1 ? '1 recording has' : `${count} recordings have`;
  return `. ${recordings} no transcript; if you add the folder again, \`--existing\` hears what is there`;
}

import { type Command, Option } from 'commander';
import type { Daemon } from '../../client/request.ts';
import { submitJob } from '../../client/transcriptions.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { AnswerOptions } from '../../protocol/options/answer-option-table.ts';
import { normalizeOptions } from '../../protocol/options/normalize-options.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { AddressBook } from '../addresses/address-book.ts';
import { eachRecording, refusalOf } from '../each-recording.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { expandFolders } from '../expand-folders.ts';
import { openInput } from '../open-input.ts';
import { checkRecordings, isAddress, shownName } from '../open-recording.ts';
import { checkOutputs, refuseRecordings } from '../output/check-outputs.ts';
import { isWritten } from '../output/is-written.ts';
import { type OutputFormat, type OutputPlan, outputFormats, planOutputs } from '../output/plan-output.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { errorSentence } from '../terminal/error-sentence.ts';
import { interruptSignal } from '../terminal/interrupt-signal.ts';
import { log, printText, warn } from '../terminal/print.ts';
import { type Progress, silentProgress } from '../terminal/progress.ts';
import { canDraw } from '../terminal/status-line.ts';
import { transcribeLiveInput } from '../transcribe-live.ts';
import { transcribeRecording } from '../transcribe-recording.ts';
import { addTranscriptionOptions, givenTranscriptionOptions } from '../transcription-flags.ts';
import { parseFormats } from '../usage/parse-formats.ts';

/** As many as the engine decodes together by default on a GPU: each takes its size on disk until it has its turn. */
const mostAtOnce = 12;

const help = `
Examples:
  hearth transcribe talk.mp3
  hearth transcribe *.m4a --format srt,txt --output subtitles/
  ffmpeg -i film.mkv -f wav - | hearth transcribe - --language de > film.txt
  arecord -f S16_LE -r 16000 | hearth transcribe --live -

Exit codes: ${exitCodes.ok} all transcribed, ${exitCodes.failed} a recording failed, ${exitCodes.usage} wrong usage,
  ${exitCodes.daemonUnreachable} no daemon, ${exitCodes.cancelled} cancelled, ${exitCodes.brokenPipe} standard output was closed`;

/** `hearth transcribe`. */
export function define(command: Command): void {
  command
    .description('Transcribes audio and video files. Text goes to standard output, everything else to standard error.')
    .argument('<file...>', 'audio or video files, web addresses, folders with --recursive, or - for standard input')
    .optionsGroup('Common options:')
    .addOption(
      new Option('-f, --format <names>', 'Output formats, with commas. (default: the extension of --output, or txt)')
        .choices(outputFormats)
        .argParser(parseFormats(outputFormats))
        .conflicts('detach'),
    )
    .addOption(
      new Option(
        '-o, --output <path>',
        'Output file, a folder, a name with {folder}, {name}, {language}, {format} or {date}, or - for standard output.',
      ).conflicts('detach'),
    )
    .option('--recursive', 'Transcribe the recordings in folders and in those below them, and in lists at addresses.')
    .addOption(
      new Option('--skip-existing', 'Leave out recordings whose transcripts are in --output already.').conflicts(
        'detach',
      ),
    )
    .option('-q, --quiet', 'Show no progress and no warnings.')
    .option('--detach', 'Submit the recordings, print the ids of their jobs and do not wait.')
    .helpOption('-h, --help', 'Show this help.');
  addTranscriptionOptions(command);
  command
    .addOption(
      new Option('--timings', 'Show on standard error how long each stage of a recording took.')
        .conflicts('detach')
        .helpGroup('Decoding:'),
    )
    .addHelpText('after', help)
    .action(async (inputs: readonly string[], values: TranscribeValues) => {
      process.exitCode = await transcribe(inputs, { ...values, options: givenTranscriptionOptions(command) });
    });
}

interface TranscribeValues {
  readonly format?: readonly OutputFormat[];
  readonly output?: string;
  readonly recursive?: boolean;
  readonly skipExisting?: boolean;
  readonly quiet?: boolean;
  readonly detach?: boolean;
  readonly timings?: boolean;
}

interface TranscribeRequest extends TranscribeValues {
  readonly options: TranscriptionOptions & AnswerOptions;
}

async function transcribe(named: readonly string[], request: TranscribeRequest): Promise<ExitCode> {
  const { options, recursive = false, quiet = false } = request;
  const signal = interruptSignal();
  if (!named.some(isAddress)) return transcribeAll(named, null, { ...request, signal });
  const { openAddressBook } = await import('../addresses/address-book.ts');
  normalizeOptions(options);
  const progress = canDraw(process.stderr) && !quiet ? await terminalProgress() : silentProgress;
  const onLookUp = (url: string) => progress.start(url, 'looking it up');
  const addresses = await openAddressBook({ inputs: named, recursive, signal, onLookUp }).finally(progress.stop);
  try {
    return await transcribeAll(addresses.inputs, addresses, { ...request, signal });
  } finally {
    await addresses.close();
  }
}

async function transcribeAll(
  named: readonly string[],
  addresses: AddressBook | null,
  request: TranscribeRequest & { readonly signal: AbortSignal },
): Promise<ExitCode> {
  const { options, recursive = false, skipExisting = false, quiet = false, detach = false, timings = false } = request;
  const tellSkipped = (path: string, reason: string) => warn(`${visibleText(path)} was skipped: ${reason}.`);
  const all = recursive ? expandFolders(named, tellSkipped) : named;
  const plans = checkRequest(all, addresses, request);
  if (plans === null) return exitCodes.usage;
  const inputs = skipExisting ? all.filter((input) => !isTranscribed(input, plans)) : all;
  if (inputs.length < all.length && !quiet) log(`${all.length - inputs.length} skipped`);
  if (inputs.length === 0) return exitCodes.ok;
  const reached = await reachDaemon(request.signal);
  const daemon = quiet ? { ...reached, onVersion: undefined } : reached;
  const isOneOfSeveral = inputs.length > 1;
  const batch = { inputs, atOnce: detach ? 1 : mostAtOnce, onSummary: quiet ? () => undefined : log };
  if (options.live) {
    const progress = canDraw(process.stderr) && !quiet ? await liveLine() : silentProgress;
    const live = { options, plans, progress, quiet };
    return eachRecording(batch, async (input) => transcribeLiveInput(daemon, input, live));
  }
  if (detach) return eachRecording(batch, (input) => submit(daemon, input, { options, addresses }));
  const progress = canDraw(process.stderr) && !quiet ? await terminalProgress() : silentProgress;
  // Whoever sends several does not wait for each of them: a clip of another client goes first.
  const prioritized = isOneOfSeveral ? { priority: 'bulk' as const, ...options } : options;
  const each = { options: prioritized, plans, progress, quiet, timings, isOneOfSeveral, addresses };
  return eachRecording(batch, (input, show) => transcribeRecording(daemon, input, { ...each, show }));
}

/** Checks all that can be known before anything is sent, and reports what is wrong; null then. */
function checkRequest(
  inputs: readonly string[],
  addresses: AddressBook | null,
  { options, format = [], output, detach }: Pick<TranscribeRequest, 'options' | 'format' | 'output' | 'detach'>,
): readonly OutputPlan[] | null {
  const problems: unknown[] = [...checkRecordings(inputs.filter((input) => addresses?.has(input) !== true))];
  try {
    normalizeOptions(options);
    if (options.live && (inputs.length > 1 || detach)) throw onlyOneLive(detach ? '--detach' : `${inputs.length}`);
    if (options.live && addresses !== null) throw onlyOneLive('an address');
    if (problems.length === 0) refuseRecordings(output, inputs);
    const plans = planOutputs({ inputs, formats: format, output });
    if (problems.length === 0) for (const plan of plans) checkOutputs(plan, inputs);
    if (problems.length === 0) return plans;
  } catch (error) {
    problems.push(error);
  }
  for (const problem of problems) warn(errorSentence(problem));
  return null;
}

function onlyOneLive(got: string): HearthError {
  return new HearthError('OPTION_INVALID', `Expected one recording, and no --detach, beside --live, got ${got}.`, {
    hint: 'Pipe the sound in: `arecord -f S16_LE -r 16000 | hearth transcribe --live -`.',
  });
}

/** Whether all that would be written of a recording is there. @throws `OPTION_INVALID` for standard output */
function isTranscribed(input: string, plans: readonly OutputPlan[]): boolean {
  return plans.every((plan) => {
    const found = isWritten(input, plan);
    if (found !== null) return found;
    throw new HearthError('OPTION_INVALID', 'Expected --output beside --skip-existing, got standard output.', {
      hint: 'Name a folder with --output.',
    });
  });
}

/** Prints the id of the job: alone in a pipe, beside the name of the recording on a terminal. */
async function submit(
  daemon: Daemon,
  input: string,
  { options, addresses }: { readonly options: TranscriptionOptions; readonly addresses: AddressBook | null },
): Promise<void> {
  const ignore = () => undefined;
  const { signal } = daemon;
  const recording = await openInput(input, { addresses, signal, onStart: ignore, onShare: ignore });
  const { id, warnings } = await submitJob(daemon, { ...recording, options }).catch((error) => {
    throw refusalOf(error);
  });
  printText(process.stdout.isTTY ? `${id}  ${visibleText(input)}\n` : `${id}\n`);
  for (const warning of warnings) warn(`${shownName(input)}: ${warning}`);
}

async function liveLine(): Promise<Progress> {
  const { createLiveLine } = await import('../terminal/live-line.ts');
  return createLiveLine(process.stderr);
}

async function terminalProgress(): Promise<Progress> {
  const { createTerminalProgress } = await import('../terminal/terminal-progress.ts');
  return createTerminalProgress(process.stderr);
}

import { type Command, InvalidArgumentError } from 'commander';
import { warmModel } from '../../client/live.ts';
import type { AnswerOptions } from '../../protocol/options/answer-option-table.ts';
import { normalizeOptions } from '../../protocol/options/normalize-options.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import { startRecorder } from '../../recorder/start-recorder.ts';
import { dictate } from '../dictation/dictate.ts';
import { exitCodes } from '../exit-codes.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { warn } from '../terminal/print.ts';
import { canDraw } from '../terminal/status-line.ts';
import { addTranscriptionOptions, givenTranscriptionOptions } from '../transcription-flags.ts';

const help = `
Examples:
  hearth dictate
  hearth dictate --language de --copy
  hearth dictate --stop-after-silence 2s > note.txt

Exit codes: ${exitCodes.ok} done, ${exitCodes.failed} no recorder, no sound or a failure, ${exitCodes.usage} wrong usage,
  ${exitCodes.daemonUnreachable} no daemon`;

/** `hearth dictate`. */
export function define(command: Command): void {
  command
    .description(
      'Records the microphone and writes what is said. Enter, Ctrl-D or Ctrl-C ends it. What was recorded is transcribed in any case, and goes into the history.',
    )
    .optionsGroup('Common options:')
    .option('--copy', 'Copy the text instead of printing it.')
    .option(
      '--stop-after-silence <time>',
      'End after so much silence, once somebody has spoken: 2s, 1.5s, 800ms.',
      parseTime,
    )
    .option('--device <name>', "Microphone, by the recorder's name for it. (default: the system's)")
    .option('-q, --quiet', 'Show no live text and no warnings.')
    .helpOption('-h, --help', 'Show this help.');
  addTranscriptionOptions(command);
  command.addHelpText('after', help).action(async (values: DictateValues) => {
    await run(values, givenTranscriptionOptions(command));
  });
}

interface DictateValues {
  readonly copy?: boolean;
  readonly stopAfterSilence?: number;
  readonly device?: string;
  readonly quiet?: boolean;
}

async function run(values: DictateValues, given: TranscriptionOptions & AnswerOptions): Promise<void> {
  const { copy = false, stopAfterSilence = null, device = null, quiet = false } = values;
  normalizeOptions(given);
  const clipboard = copy ? await findClipboard() : null;
  const daemon = await reachDaemon();
  // Meanwhile somebody begins to speak. A model that cannot be loaded is told by the session itself.
  void warmModel(daemon, given.model).catch(() => undefined);
  const recorder = await startRecorder({ device });
  const silent = recorder.passedOver.find(({ code }) => code === 'RECORDER_SILENT');
  if (silent !== undefined && !quiet) warn(`${silent.message} ${silent.hint}`);
  const text = await dictate(daemon, {
    recorder,
    options: { cleanUp: true, ...given },
    silenceSeconds: stopAfterSilence,
    line: canDraw(process.stderr) && !quiet ? await dictationLine() : null,
    quiet,
  });
  const failure = await recorder.ended;
  if (text !== '') {
    if (clipboard === null) process.stdout.write(`${text}\n`);
    else await clipboard(text);
  }
  // The recorder ended by itself: what was said until then is written.
  if (failure !== null) throw failure;
}

async function findClipboard() {
  const { requireClipboard } = await import('../dictation/clipboard.ts');
  return requireClipboard();
}

async function dictationLine() {
  const { createDictationLine } = await import('../dictation/dictation-line.ts');
  return createDictationLine(process.stderr);
}

/** Seconds of `2s`, `1.5s`, `800ms` or `2`. */
function parseTime(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s)?$/i.exec(text.trim()) ?? [];
  const seconds = Number(amount) / (unit?.toLowerCase() === 'ms' ? 1000 : 1);
  if (seconds >= 0.3 && seconds <= 600) return seconds;
  throw new InvalidArgumentError(`Expected a time from 300ms to 600s, such as 2s, got "${text}".`);
}

import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { pullModel } from '../../client/models.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { findModel } from '../../models/find-model.ts';
import { listModels } from '../../models/list-models.ts';
import type { QuantizeEvent } from '../../protocol/quantize-messages.ts';
import { isRepository } from '../../protocol/repository-name.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { quantizeInChild } from '../quantize-in-child.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { megabytes } from '../terminal/available-models.ts';
import { interruptSignal } from '../terminal/interrupt-signal.ts';
import { log, printText } from '../terminal/print.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { canDraw, createStatusLine } from '../terminal/status-line.ts';
import { requireText } from '../usage/argument-checks.ts';

interface QuantizeOptions {
  readonly bits: string;
  readonly encoderBits?: string;
  readonly groupSize?: string;
  readonly calibrate?: readonly string[];
  readonly output?: string;
  readonly json?: boolean;
}

const bitChoices = ['4', '5', '6', '8'];

/** `hearth models quantize` */
export function defineQuantize(models: Command): void {
  models
    .command('quantize')
    .summary('make a model smaller')
    .description('Makes a smaller model of one in float16 or float32. It works beside the daemon.')
    .argument('<model>', 'a folder, a name that `hearth models` lists, or owner/name on the Hub', requireText)
    .addOption(new Option('--bits <number>', 'Bits of a weight.').choices(bitChoices).default('4'))
    .addOption(
      new Option('--encoder-bits <number>', 'Bits of a weight in the encoder. (default: as --bits)').choices(
        bitChoices,
      ),
    )
    .addOption(
      new Option('--group-size <number>', 'Weights that share a scale. (default: 64; with --calibrate 32)').choices([
        '32',
        '64',
        '128',
      ]),
    )
    .option('--calibrate <recording...>', 'Lose least for speech like this: some minutes in the languages you need.')
    .option('--output <name>', 'Name of the result. (default: the name of the model, and its bits)', parseName)
    .option('--json', 'Print progress and result as JSON, an object in each line.')
    .action(async (model: string, _: QuantizeOptions, command: Command) =>
      quantize(model, command.optsWithGlobals<QuantizeOptions>()),
    );
}

function parseName(text: string): string {
  if (/^\w[\w.-]{0,95}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected letters, digits, "-", "_" and ".", a letter or a digit first.');
}

/** @throws what the making of the model fails with */
async function quantize(model: string, options: QuantizeOptions): Promise<void> {
  const { json = false, calibrate = [] } = options;
  const groupSize = options.groupSize ?? (calibrate.length > 0 ? '32' : '64');
  const signal = interruptSignal();
  const line = !json && canDraw(process.stderr) ? createStatusLine(process.stderr) : null;
  const draw = (share: number, note: string) =>
    line?.draw((columns) => progressLine({ name: visibleText(basename(model)), share, note }, columns));
  const { modelsFolder, settingsFile } = homePaths();
  const { threads, minFreeDiskBytes } = readSettings(settingsFile);
  try {
    const recordings = calibrate.map((path) => resolve(path));
    for (const path of recordings) await requireFile(path);
    const folder = await findSource(model, signal, draw);
    const name = options.output ?? resultName(model, options);
    await requireNewName(name, modelsFolder);
    const byteCount = await quantizeInChild(
      {
        folder,
        outputFolder: join(modelsFolder, name),
        bits: Number(options.bits),
        encoderBits: Number(options.encoderBits ?? options.bits),
        groupSize: Number(groupSize),
        recordings,
        threads,
        minFreeDiskBytes,
      },
      {
        signal,
        onProgress(event) {
          if (json) printText(`${JSON.stringify(event)}\n`);
          draw(...shownProgress(event));
        },
      },
    );
    line?.clear();
    if (json) printText(`${JSON.stringify({ type: 'quantize-done', name, byteCount })}\n`);
    else log(`${name} is ready, ${megabytes(byteCount)}. Choose it with --model, or with \`model\` in the settings.`);
  } catch (error) {
    line?.clear();
    if (!signal.aborted) throw error;
    const hint = 'The same command goes on where this one ended.';
    throw new HearthError('CANCELLED', 'Cancelled. The model is not made.', calibrate.length === 0 ? {} : { hint });
  }
}

async function requireFile(path: string): Promise<void> {
  const status = await stat(path).catch(() => null);
  if (status?.isFile()) return;
  throw new HearthError(
    'FILE_NOT_FOUND',
    `Expected a recording at ${path}, got ${status === null ? 'none' : 'no file'}.`,
  );
}

/** A folder, a model that is here, or else one of the Hub, which is downloaded. */
async function findSource(
  model: string,
  signal: AbortSignal,
  draw: (share: number, note: string) => void,
): Promise<string> {
  const folder = resolve(model);
  const { modelsFolder } = homePaths();
  if ((await stat(folder).catch(() => null))?.isDirectory()) return folder;
  const here = (await listModels(modelsFolder)).find(({ name }) => name === model);
  if (here !== undefined) return here.folder;
  if (!isRepository(model)) return (await findModel({ name: model, downloadedModelsFolder: modelsFolder })).folder;
  const name = await pullModel(await reachDaemon(signal), {
    repository: model,
    onProgress: (receivedBytes, totalBytes) =>
      draw(
        totalBytes === 0 ? 0 : receivedBytes / totalBytes,
        `${megabytes(receivedBytes)} of ${megabytes(totalBytes)}`,
      ),
  });
  return (await findModel({ name, downloadedModelsFolder: modelsFolder })).folder;
}

function resultName(model: string, { bits, encoderBits = bits, calibrate }: QuantizeOptions): string {
  const source = basename(resolve(model)).replace(/[-_.](fp16|f16|float16|fp32|float32)$/i, '');
  const encoder = encoderBits === bits ? '' : `-encoder-${encoderBits}bit`;
  return `${source}-${bits}bit${encoder}${calibrate === undefined ? '' : '-calibrated'}`;
}

async function requireNewName(name: string, modelsFolder: string): Promise<void> {
  const models = await listModels(modelsFolder);
  if (!models.some((each) => each.name === name)) return;
  throw new HearthError('OPTION_INVALID', `Expected a name that no model here has, got ${name}.`, {
    hint: 'Name the result otherwise with --output, or delete that model: `hearth models delete`.',
  });
}

function shownProgress({ step, done, total }: Extract<QuantizeEvent, { type: 'quantize-progress' }>): [number, string] {
  return [done / total, step === 'listening' ? `recording ${done + 1} of ${total}` : `layer ${done} of ${total}`];
}

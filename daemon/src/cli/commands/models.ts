import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  listAvailableModels,
  listModels,
  loadModel,
  pruneModels,
  pullModel,
  removeModel,
  unloadModel,
} from '../../client/models.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { ListedModel } from '../../protocol/models.ts';
import { recommendedModelName } from '../../settings/default-model.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { availableTable, megabytes, recommendedText } from '../terminal/available-models.ts';
import { interruptSignal } from '../terminal/interrupt-signal.ts';
import { log, printJson, printText } from '../terminal/print.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { canDraw, createStatusLine } from '../terminal/status-line.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { refuseOperands, requireText } from '../usage/argument-checks.ts';
import { requireRepository } from '../usage/require-repository.ts';
import { defineQuantize } from './models-quantize.ts';

interface ListOptions {
  readonly available?: boolean;
  readonly json?: boolean;
}

interface PullOptions {
  readonly revision?: string;
  readonly folder?: string;
  readonly offlineFile?: string;
}

/** `hearth models` and the commands below it. */
export function define(models: Command): void {
  defineList(models.helpCommand(true).allowExcessArguments(true)).action(
    async (options: ListOptions, command: Command) => {
      refuseOperands(command);
      await list(options);
    },
  );
  defineList(models.command('list').summary('list models')).action(async (_: ListOptions, command: Command) =>
    list(command.optsWithGlobals()),
  );
  models
    .command('recommend')
    .summary('say which models suit this machine')
    .description('Says which models suit this machine best, and why.')
    .option('--json', 'Print the recommendations as JSON.')
    .action(async (_: ListOptions, command: Command) => recommend(command.optsWithGlobals()));
  models
    .command('pull')
    .summary('download a model')
    .description('Downloads a model from the Hugging Face Hub. An interrupted download continues where it stopped.')
    .argument('<repository>', `owner/name on the Hub, for example ${recommendedModelName}`, requireRepository)
    .option('--revision <name>', 'Branch, tag or commit. (default: the one that Hearth pins, or else main)')
    .option('--folder <path>', 'Where the model is in a repository with several.')
    .option('--offline-file <path>', 'Take it from a folder, a file in it, or a tar archive on this machine.')
    .action(async (repository: string, options: PullOptions) => pull(repository, options));
  defineQuantize(models);
  models
    .command('load')
    .summary('load a model into memory')
    .description('Loads a model into memory, so that the next recording does not wait for it.')
    .argument('[name]', 'a name that `hearth models` lists (default: the model in the settings)', requireText)
    .action(async (name?: string) => {
      const loaded = await loadModel(await reachDaemon(), name);
      log(`${loaded.name} is loaded.`);
    });
  models
    .command('unload')
    .summary('unload models')
    .description('Frees the memory of a model, or of all. The next recording that needs one loads it again.')
    .argument('[name]', 'a name that `hearth ps` shows (default: all models)', requireText)
    .action(async (name?: string) => {
      await unloadModel(await reachDaemon(), name);
      log(name === undefined ? 'No model is loaded. The next recording loads one.' : `${name} is not loaded any more.`);
    });
  models
    .command('delete')
    .summary('delete a downloaded model')
    .description('Deletes a downloaded model from the disk.')
    .argument('<name>', 'a name that `hearth models` lists', requireText)
    .action(async (name: string) => {
      await removeModel(await reachDaemon(), name);
      log(`${name} is deleted.`);
    });
  models
    .command('prune')
    .summary('delete earlier revisions of models')
    .description(
      'Deletes earlier revisions of models, and what interrupted downloads left. No model in use is deleted.',
    )
    .action(prune);
}

function defineList(command: Command): Command {
  return command
    .description('Lists the models on this machine, or those worth having.')
    .option('--available', 'List the models that are worth having, on this machine or not.')
    .option('--json', 'Print the models as JSON.');
}

async function list({ available = false, json = false }: ListOptions): Promise<void> {
  const daemon = await reachDaemon();
  if (available) {
    const models = (await listAvailableModels(daemon)).available;
    if (json) printJson(models);
    else printText(availableTable(models));
    return;
  }
  const models = await listModels(daemon);
  if (json) printJson(models);
  else
    printText(
      textTable({
        header: ['NAME', 'SIZE', 'MEMORY', 'SOURCE'],
        rows: models.map(rowOf),
        columns: outputColumns(),
        isWhole: true,
      }),
    );
}

function rowOf(model: ListedModel): readonly string[] {
  const { name, byteCount, source, isDefault, isResident, isOutdated, neededBytes, fits } = model;
  const notes = [
    source,
    isDefault ? 'default' : null,
    isResident ? 'loaded' : null,
    isOutdated ? 'outdated' : null,
    fits === false ? 'does not fit' : null,
  ];
  return [
    visibleText(name),
    megabytes(byteCount),
    neededBytes === null ? 'unknown' : megabytes(neededBytes),
    notes.filter((note) => note !== null).join(', '),
  ];
}

async function recommend({ json = false }: ListOptions): Promise<void> {
  const { recommended } = await listAvailableModels(await reachDaemon());
  if (json) printJson(recommended);
  else printText(recommendedText(recommended));
}

async function prune(): Promise<void> {
  const pruned = await pruneModels(await reachDaemon());
  for (const { name, revisions, byteCount } of pruned) {
    const earlier = `${revisions.length} earlier ${revisions.length === 1 ? 'revision' : 'revisions'}`;
    const what = revisions.length === 0 ? 'what an interrupted download left' : earlier;
    log(`${visibleText(name)}: deleted ${what}, ${megabytes(byteCount)}.`);
  }
  if (pruned.length === 0) log('There is nothing to delete.');
}

/** @throws what the download fails with */
async function pull(repository: string, { revision, folder, offlineFile }: PullOptions): Promise<void> {
  const signal = interruptSignal();
  const daemon = await reachDaemon(signal);
  const line = canDraw(process.stderr) ? createStatusLine(process.stderr) : null;
  try {
    const name = await pullModel(daemon, {
      repository,
      revision,
      folder,
      offlinePath: offlineFile === undefined ? undefined : resolve(offlineFile),
      onProgress: (receivedBytes, totalBytes) => {
        const share = totalBytes === 0 ? 0 : receivedBytes / totalBytes;
        const note = `${megabytes(receivedBytes)} of ${megabytes(totalBytes)}`;
        line?.draw((columns) => progressLine({ name: visibleText(repository), share, note }, columns));
      },
    });
    line?.clear();
    log(`${name} is ready. Choose it with --model, or with \`model\` in the settings.`);
  } catch (error) {
    line?.clear();
    if (!signal.aborted) throw error;
    throw new HearthError('CANCELLED', 'Cancelled.', { hint: 'The next pull continues where this one stopped.' });
  }
}

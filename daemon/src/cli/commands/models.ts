import type { Command } from 'commander';
import { listModels, loadModel, pullModel, removeModel, unloadModel } from '../../client/models.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { ListedModel } from '../../protocol/models.ts';
import { recommendedModel } from '../../settings/default-model.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { interruptSignal } from '../terminal/interrupt-signal.ts';
import { log, printJson, printText } from '../terminal/print.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { canDraw, createStatusLine } from '../terminal/status-line.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { refuseOperands, requireText } from '../usage/argument-checks.ts';

/** `hearth models`, and `pull`, `load`, `unload` and `delete` below it. */
export function define(models: Command): void {
  models
    .description('Lists the models on this machine.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('--json', 'Print the models as JSON.')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      refuseOperands(command);
      await list(json);
    });
  models
    .command('pull')
    .summary('download a model')
    .description('Downloads a model from the Hugging Face Hub. An interrupted download continues where it stopped.')
    .argument('<repository>', `owner/name on the Hub, for example ${recommendedModel.repository}`, requireText)
    .option('--revision <name>', 'Branch, tag or commit. (default: the one that Hearth pins, or else main)')
    .action(async (repository: string, { revision }: { revision?: string }) => pull(repository, revision));
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
    .summary('unload the model')
    .description('Unloads the model. The next recording loads it again.')
    .action(async () => {
      await unloadModel(await reachDaemon());
      log('No model is loaded. The next recording loads one.');
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
}

async function list(json: boolean): Promise<void> {
  const models = await listModels(await reachDaemon());
  if (json) printJson(models);
  else printText(textTable({ header: ['NAME', 'SIZE', 'SOURCE'], rows: models.map(rowOf), columns: outputColumns() }));
}

function rowOf({ name, byteCount, source, isDefault, isResident }: ListedModel): readonly string[] {
  const notes = [source, isDefault ? 'default' : null, isResident ? 'loaded' : null];
  return [visibleText(name), megabytes(byteCount), notes.filter((note) => note !== null).join(', ')];
}

function megabytes(byteCount: number): string {
  return `${Math.round(byteCount / 1e6)} MB`;
}

/** @throws what the download fails with */
async function pull(repository: string, revision: string | undefined): Promise<void> {
  const signal = interruptSignal();
  const daemon = await reachDaemon(signal);
  const line = canDraw(process.stderr) ? createStatusLine(process.stderr) : null;
  try {
    const name = await pullModel(daemon, {
      repository,
      revision,
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

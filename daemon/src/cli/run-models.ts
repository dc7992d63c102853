import { listModels, loadModel, pullModel, removeModel, unloadModel } from '../client/models.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import type { ListedModel } from '../messages/listed-model.ts';
import { reachDaemon } from './ask-daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { printJson, printText, say } from './terminal/print.ts';
import { progressLine } from './terminal/progress-line.ts';
import { canDraw, createStatusLine } from './terminal/status-line.ts';
import { outputColumns, textTable } from './terminal/text-table.ts';

const header = ['NAME', 'SIZE', 'SOURCE'];

/** `hearth models`. */
export async function runModelsList({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const models = await listModels(await reachDaemon());
  if (json) printJson(models);
  else printText(textTable({ header, rows: models.map(rowOf), columns: outputColumns() }));
  return exitCodes.ok;
}

function rowOf({ name, byteCount, source, isDefault, isResident }: ListedModel): readonly string[] {
  const notes = [source, ...(isDefault ? ['default'] : []), ...(isResident ? ['in memory'] : [])];
  return [visibleText(name), megabytes(byteCount), notes.join(', ')];
}

function megabytes(byteCount: number): string {
  return `${Math.round(byteCount / 1e6)} MB`;
}

/** `hearth models pull`. @throws what the pull fails with */
export async function runModelsPull(request: {
  readonly repository: string;
  readonly revision: string | undefined;
}): Promise<ExitCode> {
  const signal = interruptSignal();
  const daemon = await reachDaemon(signal);
  const bar = pullBar(request.repository);
  try {
    const name = await pullModel(daemon, { ...request, onProgress: (received, total) => bar?.(received, total) });
    bar?.(null, 0);
    say(`${name} is ready. Name it as \`model\` in the settings, or with --model.`);
    return exitCodes.ok;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new HearthError('CANCELLED', 'Cancelled.', {
      hint: 'The next pull continues where this one stopped.',
    });
  } finally {
    bar?.(null, 0);
  }
}

/** Draws how far a pull is; null takes the bar away. Nothing where nobody looks. */
function pullBar(repository: string): ((receivedBytes: number | null, totalBytes: number) => void) | null {
  if (!canDraw(process.stderr)) return null;
  const line = createStatusLine(process.stderr);
  const name = visibleText(repository);
  return (receivedBytes, totalBytes) => {
    if (receivedBytes === null) return line.clear();
    const share = totalBytes === 0 ? 0 : receivedBytes / totalBytes;
    const note = `${megabytes(receivedBytes)} of ${megabytes(totalBytes)}`;
    line.draw((columns) => progressLine({ name, share, note }, columns));
  };
}

/** `hearth models load`. */
export async function runModelsLoad(typed: string | undefined): Promise<ExitCode> {
  const { name } = await loadModel(await reachDaemon(), typed);
  say(`${name} is in memory.`);
  return exitCodes.ok;
}

/** `hearth models unload`. */
export async function runModelsUnload(): Promise<ExitCode> {
  await unloadModel(await reachDaemon());
  say('No model is in memory until the next recording.');
  return exitCodes.ok;
}

/** `hearth models delete`. */
export async function runModelsDelete(name: string): Promise<ExitCode> {
  await removeModel(await reachDaemon(), name);
  say(`${name} is deleted.`);
  return exitCodes.ok;
}

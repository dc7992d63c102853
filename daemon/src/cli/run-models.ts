import { readJsonLines } from '../client/read-json-lines.ts';
import { requestOverSocket } from '../client/request-over-socket.ts';
import { responseError } from '../client/response-error.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { LoadedModel } from '../messages/engine-messages.ts';
import type { ListedModel } from '../messages/listed-model.ts';
import type { PullEvent } from '../messages/pull-events.ts';
import { askDaemon, jsonBody, reachDaemon } from './ask-daemon.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { printJson, printText, say } from './terminal/print.ts';
import { progressLine } from './terminal/progress-line.ts';
import { canDraw, createStatusLine } from './terminal/status-line.ts';
import { outputColumns, textTable } from './terminal/text-table.ts';

const header = ['NAME', 'SIZE', 'SOURCE'];

/** `hearth models`. */
export async function listModels({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const { models } = await askDaemon<{ readonly models: readonly ListedModel[] }>({ path: '/v1/models' });
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
export async function pullModel(request: {
  readonly repository: string;
  readonly revision: string | undefined;
}): Promise<ExitCode> {
  const signal = interruptSignal();
  const { socketPath } = await reachDaemon();
  const path = '/v1/models/pull';
  const response = await requestOverSocket({ socketPath, method: 'POST', path, signal, ...jsonBody(request) });
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  const bar = pullBar(request.repository);
  try {
    for await (const event of readJsonLines<PullEvent>(response)) {
      if (event.type === 'pull-progress') bar?.(event.receivedBytes, event.totalBytes);
      if (event.type === 'pull-failed') throw fromWireError(event.error);
      if (event.type === 'pull-done') {
        bar?.(null, 0);
        say(`${event.name} is ready. Name it as \`model\` in the settings, or with --model.`);
        return exitCodes.ok;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new HearthError('CANCELLED', 'Cancelled.', {
      hint: 'The next pull continues where this one stopped.',
    });
  } finally {
    bar?.(null, 0);
  }
  throw new HearthError('DAEMON_UNREACHABLE', 'The daemon went away before the download ended.');
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
export async function loadModel(name: string | undefined): Promise<ExitCode> {
  const body = name === undefined ? {} : { model: name };
  const loaded = await askDaemon<LoadedModel>({ method: 'POST', path: '/v1/models/load', body });
  say(`${loaded.name} is in memory.`);
  return exitCodes.ok;
}

/** `hearth models unload`. */
export async function unloadModel(): Promise<ExitCode> {
  await askDaemon({ method: 'POST', path: '/v1/models/unload' });
  say('No model is in memory until the next recording.');
  return exitCodes.ok;
}

/** `hearth models delete`. */
export async function deleteModel(name: string): Promise<ExitCode> {
  const { socketPath } = await reachDaemon();
  const path = `/v1/models/${encodeURIComponent(name)}`;
  const response = await requestOverSocket({ socketPath, method: 'DELETE', path });
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  response.resume();
  say(`${name} is deleted.`);
  return exitCodes.ok;
}

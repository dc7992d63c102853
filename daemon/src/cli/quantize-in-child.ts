import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HearthError } from '../errors/hearth-error.ts';
import type { QuantizeCommand, QuantizeEvent } from '../protocol/quantize-messages.ts';
import { fromWireError, type WireError } from '../protocol/wire-error.ts';

export interface QuantizeWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (event: Extract<QuantizeEvent, { type: 'quantize-progress' }>) => void;
}

/** For a report of a crash, characters. */
const mostSaid = 16_384;

const quantizeModule = fileURLToPath(new URL('../quantize/main.js', import.meta.url));

/**
 * Quantises a model in a process of its own, which a crash or a lack of memory ends alone; returns the size of the result.
 * @throws what it fails with, `CANCELLED`, `ENGINE_CRASHED`
 */
export async function quantizeInChild(
  command: QuantizeCommand,
  { signal, onProgress }: QuantizeWatch,
): Promise<number> {
  signal.throwIfAborted();
  const child = fork(quantizeModule, [], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  // Libraries write there what concerns nobody.
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-mostSaid);
  });
  let byteCount: number | null = null;
  let error: WireError | null = null;
  child.on('message', (event: QuantizeEvent) => {
    if (event.type === 'quantize-progress') onProgress(event);
    else if (event.type === 'quantize-done') byteCount = event.byteCount;
    else error = event.error;
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  child.send(command, () => undefined);
  const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', stop);
  if (byteCount !== null) return byteCount;
  const failure = error === null ? null : fromWireError(error);
  const isExplained = signal.aborted || (failure !== null && failure.code !== 'INTERNAL');
  if (!isExplained) process.stderr.write(said);
  if (failure !== null) throw failure;
  throw new HearthError(
    'ENGINE_CRASHED',
    `The process that makes the model ended with ${killedBy ?? `exit code ${code}`}. The model is not made.`,
    {
      hint: 'Try again: with --calibrate, it goes on where it ended. If it was killed for its memory, close other programs.',
    },
  );
}

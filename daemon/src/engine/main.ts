import { createNative, type Native } from '@hearth/native';
import type { EngineCommand, EngineMessage } from '../protocol/engine-messages.ts';
import { createEngine, type Engine } from './engine.ts';
import { engineMemory } from './engine-memory.ts';
import { toldError } from './told-error.ts';

/** The engine process: the server process forks it, talks to it in messages, and outlives it. */
process.title = 'hearth-engine';
process.on('message', handle);
// A server process that is gone takes its engine with it, also in the middle of a decode.
process.on('disconnect', () => end(0));
process.on('SIGTERM', () => end(143));

/** How long a blocked thread may hold up the end; what is not blocked takes a step's time. */
const endMs = 5000;
const heartbeatIntervalMs = 1000;

let native: Native | null = null;
let engine: Engine | null = null;

function handle(command: EngineCommand): void {
  switch (command.type) {
    case 'start':
      void start(command);
      break;
    case 'transcribe':
      engine?.add(command);
      break;
    case 'live-grown':
      engine?.grow(command.jobId, command.news);
      break;
    case 'load':
      void load(command);
      break;
    case 'retain':
      engine?.retain(command);
      break;
    case 'unload': {
      const { unloadId, modelFolder } = command;
      send({ type: 'unload-done', unloadId, isClosed: engine?.unload(modelFolder) ?? true });
      break;
    }
    case 'cancel':
      engine?.cancel(command.jobId);
      break;
    case 'shut-down':
      end(0);
  }
}

async function start(command: Extract<EngineCommand, { type: 'start' }>): Promise<void> {
  try {
    native = createNative({ threads: command.threads });
    native.endWithParent(endMs);
    startHeartbeat(native);
    engine = createEngine({ ...command, native, send });
    await engine.prepare(command.modelFolder);
  } catch (error) {
    send({ type: 'engine-failed', error: toldError(error) });
  }
}

/** Says now and every second from now on that this process lives, how its work goes on and what memory it takes. */
function startHeartbeat(native: Native): void {
  const beat = () =>
    send({
      type: 'heartbeat',
      memory: engineMemory(native),
      progress: native.workProgress(),
    });
  beat();
  setInterval(beat, heartbeatIntervalMs);
}

async function load({ loadId, modelFolder }: Extract<EngineCommand, { type: 'load' }>): Promise<void> {
  try {
    const model = await engine?.prepare(modelFolder);
    if (model !== undefined) send({ type: 'load-done', loadId, model });
  } catch (error) {
    send({ type: 'load-failed', loadId, error: toldError(error) });
  }
}

function send(message: EngineMessage): void {
  // A server that is gone is told by `disconnect`, which may come after the message that does not arrive.
  if (process.connected) process.send?.(message, () => undefined);
}

/** The addon joins its thread on the way out; converters are killed. */
function end(exitCode: number): never {
  native?.endWithin(endMs);
  engine?.cancelAll();
  process.exit(exitCode);
}

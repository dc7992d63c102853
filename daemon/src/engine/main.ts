import { loadNative } from '@hearth/native';
import { toWireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent } from '../messages/engine-messages.ts';
import { createEngine, type Engine } from './engine.ts';
import { startHeartbeat } from './heartbeat.ts';

/** The engine process: the server process forks it, talks to it in messages, and outlives it. */
process.title = 'hearth-engine';
process.on('message', handle);
// A server process that is gone takes its engine with it, also in the middle of a decode.
process.on('disconnect', () => end(0));
process.on('SIGTERM', () => end(143));

let engine: Engine | null = null;

function handle(command: EngineCommand): void {
  switch (command.type) {
    case 'start':
      void start(command);
      break;
    case 'transcribe':
      engine?.add(command);
      break;
    case 'load':
      void load(command);
      break;
    case 'cancel':
      engine?.cancel(command.jobId);
      break;
    case 'shut-down':
      end(0);
  }
}

async function start(command: Extract<EngineCommand, { type: 'start' }>): Promise<void> {
  try {
    const native = loadNative();
    startHeartbeat(native, send);
    engine = createEngine({ ...command, native, send });
    await engine.prepare(command.modelFolder);
  } catch (error) {
    send({ type: 'engine-failed', error: toWireError(error) });
  }
}

async function load({ loadId, modelFolder }: Extract<EngineCommand, { type: 'load' }>): Promise<void> {
  try {
    const model = await engine?.prepare(modelFolder);
    if (model !== undefined) send({ type: 'load-done', loadId, model });
  } catch (error) {
    send({ type: 'load-failed', loadId, error: toWireError(error) });
  }
}

function send(event: EngineEvent): void {
  if (process.connected) process.send?.(event);
}

/** The addon joins its thread on the way out; converters are killed. */
function end(exitCode: number): never {
  engine?.cancelAll();
  process.exit(exitCode);
}

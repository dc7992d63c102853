import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineCommand, EngineEvent } from '../daemon/src/messages/engine-messages.ts';
import type { Contender } from './contender.ts';

const engineModule = fileURLToPath(new URL('../daemon/dist/engine/main.js', import.meta.url));
const modelFolder = fileURLToPath(new URL('../assets/models/whisper-base-4bit', import.meta.url));

/** Hearth's engine process alone, without socket, upload and queue. */
export async function engineAlone({ threads }: { readonly threads: number }): Promise<Contender> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  const child = fork(engineModule, [], { serialization: 'advanced', execArgv: [] });
  send(child, { type: 'start', preset: 'auto', modelFolder, threads, temporaryFolder });
  await eventOf(child, (event) => event.type === 'engine-ready');
  return {
    name: "Hearth's engine alone",
    processIds: () => [child.pid as number],
    async transcribe(audioPath) {
      const jobId = randomUUID();
      send(child, { type: 'transcribe', jobId, audioPath, modelFolder, options: {}, priority: 'interactive' });
      const event = await eventOf(child, (each) => each.type === 'job-done' && each.jobId === jobId);
      return event.type === 'job-done' ? event.result.text : '';
    },
    async close() {
      send(child, { type: 'shut-down' });
      await once(child, 'exit');
      await rm(temporaryFolder, { recursive: true });
    },
  };
}

function send(child: ChildProcess, command: EngineCommand): void {
  child.send(command);
}

/** @throws when a job or the engine fails */
async function eventOf(child: ChildProcess, isWanted: (event: EngineEvent) => boolean): Promise<EngineEvent> {
  for (;;) {
    const [event] = (await once(child, 'message')) as [EngineEvent];
    if (event.type === 'engine-failed' || event.type === 'job-failed') throw new Error(event.error.message);
    if (isWanted(event)) return event;
  }
}

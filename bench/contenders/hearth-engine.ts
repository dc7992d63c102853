import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineCommand, EngineEvent } from '../../daemon/src/protocol/engine-messages.ts';
import type { Answer, Peer } from '../contender.ts';

const engineModule = fileURLToPath(new URL('../../daemon/dist/engine/main.js', import.meta.url));
const modelFolder = fileURLToPath(new URL('../../assets/models/whisper-base-4bit', import.meta.url));

/** Hearth's engine process alone, without socket, upload and queue. */
export async function hearthEngine({ threads }: { readonly threads: number }): Promise<Peer> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  const child = fork(engineModule, [], { serialization: 'advanced', execArgv: [] });
  send(child, {
    type: 'start',
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    memoryBudgetBytes: null,
    keptFolders: [],
    keepAliveMs: null,
    modelFolder,
    threads,
    temporaryFolder,
    choicesFile: join(temporaryFolder, 'choices.json'),
    minFreeDiskBytes: 0,
  });
  await eventOf(child, (event) => event.type === 'model-ready');
  const contender = {
    name: "Hearth's engine alone",
    weights: '4-bit file, float32 arithmetic',
    processIds: () => [child.pid as number],
    async transcribe(audioPath: string): Promise<Answer> {
      const jobId = randomUUID();
      send(child, { type: 'transcribe', jobId, audioPath, modelFolder, options: {}, priority: 'interactive' });
      const event = await eventOf(child, (each) => each.type === 'job-done' && each.jobId === jobId);
      if (event.type !== 'job-done') throw new Error(`Expected the job to be done, got ${event.type}.`);
      const { text, timings } = event.result;
      return {
        text,
        encoderSeconds: timings.encode,
        windows: timings.windows,
        decoderSeconds: timings.decode + timings.language_detection,
        tokens: timings.tokens,
      };
    },
  };
  return {
    contenders: [contender],
    async close() {
      send(child, { type: 'shut-down' });
      await once(child, 'exit');
      await rm(temporaryFolder, { recursive: true });
    },
  };
}

/** Seconds from the start of an engine process until its model is warm. */
export async function measureEngineStart(options: { readonly threads: number }): Promise<number> {
  const startedMs = performance.now();
  const engine = await hearthEngine(options);
  const seconds = (performance.now() - startedMs) / 1000;
  await engine.close();
  return seconds;
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

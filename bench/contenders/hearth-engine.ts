import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineEvent } from '../../daemon/src/protocol/engine-messages.ts';
import { type ForkedEngine, forkEngine, embeddedModelFolder as modelFolder } from '../../test/engine/fork-engine.ts';
import type { Answer, Peer } from '../contender.ts';

/** Hearth's engine process alone, without socket, upload and queue. */
export async function hearthEngine({ threads }: { readonly threads: number }): Promise<Peer> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  const engine = forkEngine();
  engine.send({
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
  await eventOf(engine, 'model-ready');
  const contender = {
    name: "Hearth's engine alone",
    weights: '4-bit file, float32 arithmetic',
    processIds: () => [engine.child.pid as number],
    async transcribe(audioPath: string): Promise<Answer> {
      const jobId = randomUUID();
      engine.send({ type: 'transcribe', jobId, audioPath, modelFolder, options: {}, priority: 'interactive' });
      const event = await eventOf(engine, 'job-done', jobId);
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
      engine.send({ type: 'shut-down' });
      await engine.ended;
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

/** @throws when the job or the engine fails, or the engine ends */
async function eventOf<Type extends 'model-ready' | 'job-done'>(engine: ForkedEngine, type: Type, jobId?: string) {
  const ofJob = (event: EngineEvent) => jobId === undefined || ('jobId' in event && event.jobId === jobId);
  for (let next = 0; ; ) {
    for (const event of engine.events.slice(next)) {
      if (event.type === 'engine-failed') throw new Error(event.error.message);
      if (event.type === 'job-failed' && ofJob(event)) throw new Error(event.error.message);
      if (event.type === type && ofJob(event)) return event as Extract<EngineEvent, { type: Type }>;
    }
    next = engine.events.length;
    const end = await Promise.race([once(engine.child, 'message'), engine.ended]);
    if (!Array.isArray(end)) throw new Error(`The engine ended with ${end}.`);
  }
}

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readResidency } from '../../daemon/src/client/health.ts';
import { listAvailableModels, listModels, loadModel } from '../../daemon/src/client/models.ts';
import { findInCatalogue } from '../../daemon/src/models/catalogue.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { writeRandomModel } from '../engine/support/random-model.ts';
import { makeHome, type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const base = 'whisper-base-4bit';
const tinyEnglish = 'tiny.en-4bit';

let home: string;

/** Memory follows from a model's sizes alone: random weights take what real ones take. */
beforeAll(async () => {
  home = await makeHome();
  const dimensions = findInCatalogue('mlx-community/whisper-tiny.en-mlx')?.facts.dimensions;
  if (dimensions === undefined) throw new Error('Expected tiny.en in the catalogue.');
  await writeRandomModel(join(home, 'models', tinyEnglish), { dimensions, form: { bits: 4, groupSize: 64 } });
});

let daemon: RunningDaemon;

afterAll(() => daemon?.stop());

async function memory() {
  const { engine } = await readResidency(daemon);
  if (engine.memory === null) throw new Error('Expected the memory of the engine, got none.');
  return engine.memory;
}

/** At temperature 0: what random weights say is said once. */
async function transcribe(): Promise<void> {
  const path = '/v1/transcriptions?temperature=0';
  const { status } = await daemon.ask({ path, body: createReadStream(pathOf('assets/samples/jfk.flac')) });
  expect(status).toBe(200);
}

function expectNear(said: number | null | undefined, shown: number): void {
  expect(Math.abs((said ?? 0) / shown - 1)).toBeLessThan(0.15);
}

test('what is said of base before it is loaded is what ps shows when it is loaded, and after a recording', async () => {
  daemon = await startDaemon({ home, environment: { HEARTH_MODEL: base } });
  const { available } = await listAvailableModels(daemon);
  const said = available.find(({ name }) => name === base);
  await loadModel(daemon);
  expectNear(said?.idleMemoryBytes, (await memory()).residentBytes);
  await transcribe();
  expectNear(said?.memoryBytes, (await memory()).peakResidentBytes);
  daemon.child.kill('SIGTERM');
  await daemon.exited;
});

test('the same holds for a model of the sizes of tiny.en', async () => {
  daemon = await startDaemon({ home, environment: { HEARTH_MODEL: tinyEnglish } });
  const said = (await listModels(daemon)).find(({ name }) => name === tinyEnglish);
  const { heldBytes, neededBytes } = await loadModel(daemon);
  expect(neededBytes).toBe(said?.neededBytes);
  const idle = await memory();
  await transcribe();
  expectNear(neededBytes, (await memory()).peakResidentBytes);
  expect(idle.residentBytes).toBeGreaterThan(heldBytes);
});

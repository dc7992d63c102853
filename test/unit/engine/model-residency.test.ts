import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadModelRequest, Native, NativeModel, WarmUpRequest } from '@hearth/native';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  createModelResidency,
  type ModelLease,
  type ModelResidency,
  type ModelUser,
} from '../../../daemon/src/engine/model-residency.ts';
import { memoryNeed } from '../../../daemon/src/models/memory-need.ts';
import type { EngineEvent, ModelsInMemory, Retention } from '../../../daemon/src/protocol/engine-messages.ts';

const retention: Retention = { memoryBudgetBytes: null, keptFolders: [], keepAliveMs: null };
/** Of `large-v3` and of `base`. */
const sizes = {
  large: { n_mels: 128, n_audio_ctx: 1500, n_audio_state: 1280, n_audio_layer: 32, n_vocab: 51866, n_text_ctx: 448 },
  small: { n_mels: 80, n_audio_ctx: 1500, n_audio_state: 512, n_audio_layer: 6, n_vocab: 51865, n_text_ctx: 448 },
};

const dimensions = {
  ...{ melBins: 80, audioContext: 1500, audioState: 512, audioLayers: 6 },
  ...{ vocabularySize: 51865, textContext: 448, textLayers: 6 },
};
const chosen = { denseEncoder: false, rowsReadQuantized: null, encoderBatch: 1 } as const;
const computation = { device: 'gpu', arithmetic: 'exact', ...chosen, batchSize: 1 } as const;

let folder: string;
let modelFolder: string;
/** What happened, in order: native calls and events. */
let happened: string[];
let inMemory: ModelsInMemory['models'];
let residency: ModelResidency;
let gpuMemoryBytes: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-residency-'));
  modelFolder = await addModel('small');
  happened = [];
  inMemory = [];
  gpuMemoryBytes = 64e9;
  residency = createModelResidency({
    native: nativeThatTells(),
    preset: 'lowMemory',
    draftFolder: null,
    arithmetic: 'int8',
    choicesFile: join(folder, 'choices.json'),
    send,
    ...retention,
  });
});

afterEach(() => rm(folder, { recursive: true }));

/** A small model with four bits. */
async function addModel(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const config = { ...sizes.small, n_text_layer: 6, quantization: { bits: 4, group_size: 64 } };
  await writeFile(join(path, 'config.json'), JSON.stringify(config));
  await writeFile(join(path, 'model.safetensors'), 'weights');
  return path;
}

function lend(path: string, user: ModelUser = 'interactive', signal?: AbortSignal): Promise<ModelLease> {
  return residency.use(path, user, signal);
}

async function runOnce(path: string): Promise<void> {
  (await lend(path)).release();
}

/** The budget for so many models of that size. */
function budgetOf(count: number, more: Partial<Retention> = {}): Retention {
  const { weightBytes, totalBytes } = memoryNeed(dimensions, { bits: 4, groupSize: 64 }, computation);
  return { ...retention, memoryBudgetBytes: totalBytes + (count - 0.5) * weightBytes, ...more };
}

function names(): readonly string[] {
  return inMemory.map(({ name }) => name);
}

function send(event: EngineEvent): void {
  if (event.type === 'models-in-memory') {
    inMemory = event.models;
    return;
  }
  const detail = event.type === 'model-loading' ? ` ${event.progress}` : '';
  const closed = event.type === 'model-closed' ? ` ${event.model.name} ${event.reason}` : '';
  happened.push(event.type + detail + closed);
}

/** A native surface that says what it is asked to do; a folder named `invalid` or `cold` fails to load or to warm up. */
function nativeThatTells(): Native {
  const name = (path: string) => path.slice(folder.length + 1);
  return {
    info: () => ({ gpuAvailable: true, gpuMemoryBytes, gpuName: 'GPU', mlxVersion: '0' }),
    clearCache: async () => undefined,
    memory: () => ({ activeBytes: 0, cacheBytes: 0, peakBytes: 0 }),
    async loadModel(request: LoadModelRequest): Promise<NativeModel> {
      const model = name(request.folder);
      happened.push(`load ${model}`, `multiply ${request.arithmetic}`);
      if (model === 'invalid') throw Object.assign(new Error('Expected weights.'), { code: 'MODEL_INVALID' });
      return {
        dimensions,
        quantization: { bits: 4, groupSize: 64 },
        device: 'gpu',
        operations: 'mlx',
        arithmetic: 'exact',
        computation: { ...chosen, logMelOnDevice: false },
        trials: [],
        mayBeDense: false,
        windowCapacity: 10,
        weightBytes: 1000,
        draft: null,
        async warmUp({ onProgress }: WarmUpRequest) {
          if (model === 'cold') throw Object.assign(new Error('Out of memory.'), { code: 'INTERNAL' });
          onProgress?.({ done: 1, total: 2 });
          onProgress?.({ done: 2, total: 2 });
        },
        close() {
          happened.push(`close ${model}`);
        },
      } as unknown as NativeModel;
    },
  } as unknown as Native;
}

test('a model is loaded and warmed before it counts as ready, with its progress told', async () => {
  const { description, vocabulary } = await lend(modelFolder);
  expect(happened).toEqual([
    'model-loading 0',
    'load small',
    'multiply int8',
    'model-loading 0.5',
    'model-loading 0.75',
    'model-loading 1',
    'model-ready',
  ]);
  expect(description).toMatchObject({ name: 'small', folder: modelFolder, quantizationBits: 4, weightBytes: 1000 });
  expect(vocabulary.decode(vocabulary.encode(' ask not'))).toBe(' ask not');
});

test('the arithmetic is what the model says, not what it was asked for', async () => {
  expect((await lend(modelFolder)).description.arithmetic).toBe('exact');
});

test('a resident model is not loaded again, however many ask for it at once', async () => {
  const [first, second] = await Promise.all([lend(modelFolder), lend(modelFolder)]);
  expect(second.model).toBe(first.model);
  expect(happened.filter((line) => line.startsWith('load'))).toHaveLength(1);
});

test('models stay beside each other while their memory is there, and none is loaded twice', async () => {
  const other = await addModel('other');
  for (const path of [modelFolder, other, modelFolder, other]) await runOnce(path);
  expect(happened.filter((line) => /^(load|close)/.test(line))).toEqual(['load small', 'load other']);
  expect(names()).toEqual(['other', 'small']);
});

test('the model used longest ago goes before another is loaded that has no room beside it', async () => {
  residency.retain(budgetOf(2));
  await runOnce(modelFolder);
  await runOnce(await addModel('second'));
  await runOnce(modelFolder);
  happened = [];
  await runOnce(await addModel('third'));
  expect(happened.slice(0, 4)).toEqual(['close second', 'model-closed second memory', 'model-loading 0', 'load third']);
  expect(names()).toEqual(['third', 'small']);
});

test('without a budget in the settings idle models may take half of the memory, and those in use all of it', async () => {
  gpuMemoryBytes = 2 * (budgetOf(1).memoryBudgetBytes as number);
  const lease = await lend(modelFolder, 'bulk');
  const other = await lend(await addModel('other'));
  expect(names()).toEqual(['other', 'small']);
  other.release();
  expect(happened.at(-2)).toBe('close other');
  lease.release();
  expect(names()).toEqual(['small']);
});

test('a model in use stays: another one without room waits for short work, and is refused beside long work', async () => {
  residency.retain(budgetOf(1));
  const short = await lend(modelFolder);
  const other = await addModel('other');
  const waiting = lend(other);
  // In turn behind it.
  await expect(lend(join(folder, 'invalid'), 'load')).rejects.toThrow();
  expect(names()).toEqual(['small']);
  short.release();
  const long = await waiting;
  expect(names()).toEqual(['other']);
  const live = await lend(other, 'live');
  long.release();
  await expect(lend(modelFolder)).rejects.toMatchObject({
    code: 'MEMORY_IN_USE',
    message: expect.stringMatching(/^Expected memory for small, .* other stays and may take \d+ MB of \d+ MB\.$/),
  });
  live.release();
});

test('a bulk job waits until a model is released, and one that is cancelled waits no longer', async () => {
  residency.retain(budgetOf(1));
  const live = await lend(modelFolder, 'live');
  const other = await addModel('other');
  await expect(lend(other)).rejects.toMatchObject({ code: 'MEMORY_IN_USE' });
  const abort = new AbortController();
  const cancelled = lend(other, 'bulk', abort.signal);
  const waiting = lend(other, 'bulk');
  abort.abort();
  await expect(cancelled).rejects.toThrow('aborted');
  expect(names()).toEqual(['small']);
  live.release();
  (await waiting).release();
  expect(names()).toEqual(['other']);
});

test('a kept model stays, idle as it is, until it is unloaded', async () => {
  residency.retain(budgetOf(2, { keptFolders: [modelFolder], keepAliveMs: 0 }));
  for (const path of [modelFolder, await addModel('second'), await addModel('third')]) await runOnce(path);
  expect(names()).toContain('small');
  expect(inMemory.at(-1)).toMatchObject({ name: 'small', isKept: true, isInUse: false });
  residency.retain(budgetOf(1, { keptFolders: [modelFolder] }));
  expect(names()).toEqual(['small']);
  await expect(lend(join(folder, 'second'))).rejects.toMatchObject({ code: 'MEMORY_IN_USE' });
  expect(residency.unload(null)).toBe(true);
  expect(names()).toEqual(['small']);
  expect(residency.unload(modelFolder)).toBe(true);
  expect(names()).toEqual([]);
});

test('an idle model expires beside others; the last one goes with the engine', async () => {
  residency.retain({ ...retention, keepAliveMs: 0 });
  await runOnce(modelFolder);
  const lease = await lend(await addModel('other'));
  while (names().length > 1) await new Promise((resolve) => setImmediate(resolve));
  lease.release();
  expect(happened.filter((line) => line.startsWith('model-closed'))).toEqual(['model-closed small expired']);
  expect(names()).toEqual(['other']);
});

test.each([-400, 400])(
  'a clock that is set by %d days neither ends nor puts off the time of an idle model',
  async (days) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance', 'hrtime'] });
    try {
      residency.retain({ ...retention, keepAliveMs: 3_600_000 });
      await runOnce(modelFolder);
      jest.setSystemTime(Date.now() + days * 86_400_000);
      const lease = await lend(await addModel('other'));
      jest.advanceTimersByTime(1_000_000);
      expect(names()).toEqual(['other', 'small']);
      jest.advanceTimersByTime(2_700_000);
      expect(names()).toEqual(['other']);
      lease.release();
    } finally {
      jest.useRealTimers();
    }
  },
);

test('a model in use is not unloaded', async () => {
  const lease = await lend(modelFolder);
  expect(residency.unload(modelFolder)).toBe(false);
  lease.release();
  expect(residency.unload(modelFolder)).toBe(true);
});

test('a model whose files were replaced is loaded again, and one whose files are gone is used as it is', async () => {
  const lease = await lend(modelFolder);
  await appendFile(join(modelFolder, 'model.safetensors'), ', better ones');
  await runOnce(modelFolder);
  expect(happened.filter((line) => line === 'load small')).toHaveLength(2);
  expect(names()).toEqual(['small', 'small']);
  lease.release();
  expect(happened.at(-1)).toBe('model-closed small replaced');
  await rm(modelFolder, { recursive: true });
  await runOnce(modelFolder);
  expect(names()).toEqual(['small']);
});

test('the model that made way for one that fails to load comes back by itself', async () => {
  residency.retain(budgetOf(1));
  await runOnce(modelFolder);
  happened = [];
  await expect(lend(await addModel('invalid'))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect(happened.at(-1)).toBe('model-not-loaded');
  while (!happened.includes('model-ready')) await new Promise((resolve) => setImmediate(resolve));
  expect(names()).toEqual(['small']);
});

test('a model that is here is used while another one is loaded', async () => {
  await runOnce(modelFolder);
  const loading = lend(await addModel('other'));
  await runOnce(modelFolder);
  expect(happened).not.toContain('load other');
  await loading;
});

test('a model that cannot be brought back either leaves none', async () => {
  const invalid = await addModel('invalid');
  await expect(lend(invalid)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  await expect(lend(await addModel('cold'))).rejects.toMatchObject({ message: 'Out of memory.' });
  expect(happened).not.toContain('model-ready');
});

test('a model that fails to warm up is closed', async () => {
  await expect(lend(await addModel('cold'))).rejects.toMatchObject({ message: 'Out of memory.' });
  expect(happened.at(-1)).toBe('close cold');
});

test('a model that the memory is too small for is refused before it is loaded, with one that fits', async () => {
  const config = { ...sizes.large, n_text_layer: 32, quantization: { bits: 8, group_size: 64 } };
  await writeFile(join(modelFolder, 'config.json'), JSON.stringify(config));
  gpuMemoryBytes = 2e9;
  await expect(lend(modelFolder)).rejects.toMatchObject({
    code: 'MODEL_TOO_LARGE',
    message: expect.stringMatching(
      /^Expected a model for the 2\.0 GB of memory that this GPU has, got small, which needs \d\.\d GB\.$/,
    ),
    hint: expect.stringMatching(/ needs [12]\.\d GB\. `hearth models list --available`/),
  });
  expect(happened).not.toContain('load small');
  residency.retain({ ...retention, memoryBudgetBytes: 1e9 });
  gpuMemoryBytes = 8e9;
  await expect(lend(modelFolder)).rejects.toMatchObject({
    code: 'MODEL_TOO_LARGE',
    message: expect.stringContaining('the 1.0 GB that the setting memoryBudgetBytes allows, got small, which needs'),
  });
  residency.retain(retention);
  expect((await lend(modelFolder)).description).toMatchObject({ deviceMemoryBytes: 8e9 });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadModelRequest, Native, NativeModel, WarmUpRequest } from '@hearth/native';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createModelResidency, type ModelResidency } from '../../../daemon/src/engine/model-residency.ts';
import type { EngineEvent } from '../../../daemon/src/protocol/engine-messages.ts';

let folder: string;
let modelFolder: string;
/** What happened, in order: native calls and events. */
let happened: string[];
let residency: ModelResidency;
let gpuMemoryBytes: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-residency-'));
  modelFolder = await addModel('small');
  happened = [];
  gpuMemoryBytes = 16e9;
  residency = createModelResidency({
    native: nativeThatTells(),
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'int8',
    send,
  });
});

afterEach(() => rm(folder, { recursive: true }));

async function addModel(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

function send(event: EngineEvent): void {
  const detail = event.type === 'model-loading' ? ` ${event.progress}` : '';
  happened.push(event.type + detail);
}

/** A native surface that says what it is asked to do; a folder named `invalid` or `cold` fails to load or to warm up. */
function nativeThatTells(): Native {
  const name = (path: string) => path.slice(folder.length + 1);
  return {
    info: () => ({ gpuAvailable: true, gpuMemoryBytes }),
    async loadModel(request: LoadModelRequest): Promise<NativeModel> {
      const model = name(request.folder);
      happened.push(`load ${model}`, `multiply ${request.arithmetic}`);
      if (model === 'invalid') throw Object.assign(new Error('Expected weights.'), { code: 'MODEL_INVALID' });
      return {
        dimensions: { vocabularySize: 51865 },
        quantization: { bits: 4, groupSize: 64 },
        device: 'cpu',
        operations: 'cpu',
        arithmetic: 'exact',
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
  const { description, vocabulary } = await residency.use(modelFolder);
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
  expect((await residency.use(modelFolder)).description.arithmetic).toBe('exact');
});

test('a resident model is not loaded again, however many ask for it at once', async () => {
  const [first, second] = await Promise.all([residency.use(modelFolder), residency.use(modelFolder)]);
  expect(second.model).toBe(first.model);
  expect(happened.filter((line) => line.startsWith('load'))).toHaveLength(1);
});

test('another model takes the place of the resident one, which is closed first', async () => {
  await (await residency.use(modelFolder)).release();
  happened = [];
  await residency.use(await addModel('large'));
  expect(happened.slice(0, 3)).toEqual(['close small', 'model-loading 0', 'load large']);
});

test('a model that a job still uses stays beside another until it is released', async () => {
  const lease = await residency.use(modelFolder);
  const other = await residency.use(await addModel('large'));
  expect(happened).not.toContain('close small');
  await other.release();
  expect(happened).not.toContain('close large');
  await lease.release();
  expect(happened.at(-1)).toBe('close small');
});

test('the model that made way for one that fails to load comes back by itself', async () => {
  await (await residency.use(modelFolder)).release();
  happened = [];
  await expect(residency.use(await addModel('invalid'))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect(happened.at(-1)).toBe('model-unloaded');
  await residency.use(modelFolder);
  expect(happened.slice(happened.indexOf('model-unloaded'))).toContain('load small');
  expect(happened.filter((line) => line === 'model-ready')).toHaveLength(1);
});

test('a model in use is the current one again at once when another fails to load', async () => {
  await residency.use(modelFolder);
  happened = [];
  await expect(residency.use(await addModel('invalid'))).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  // In turn behind what brings it back.
  await residency.use(modelFolder);
  expect(happened.slice(-2)).toEqual(['model-unloaded', 'model-ready']);
});

test('a model that cannot be brought back either leaves none', async () => {
  const invalid = await addModel('invalid');
  await expect(residency.use(invalid)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  await expect(residency.use(await addModel('cold'))).rejects.toMatchObject({ message: 'Out of memory.' });
  expect(happened).not.toContain('engine-ready');
});

test('a model that fails to warm up is closed', async () => {
  await expect(residency.use(await addModel('cold'))).rejects.toMatchObject({ message: 'Out of memory.' });
  expect(happened.at(-1)).toBe('close cold');
});

test('a model that the memory is too small for is refused before it is loaded, with one that fits', async () => {
  const sizes = { n_mels: 128, n_audio_ctx: 1500, n_audio_state: 1280, n_audio_layer: 32, n_vocab: 51866 };
  const config = { ...sizes, n_text_ctx: 448, n_text_layer: 32, quantization: { bits: 8, group_size: 64 } };
  await writeFile(join(modelFolder, 'config.json'), JSON.stringify(config));
  gpuMemoryBytes = 2e9;
  await expect(residency.use(modelFolder)).rejects.toMatchObject({
    code: 'MODEL_TOO_LARGE',
    message: expect.stringMatching(
      /^Expected a model for the 2\.0 GB of memory that this GPU has, got small, which needs \d\.\d GB\.$/,
    ),
    hint: expect.stringMatching(/ needs 1\.\d GB\. `hearth models list --available`/),
  });
  expect(happened).not.toContain('load small');
  gpuMemoryBytes = 8e9;
  expect((await residency.use(modelFolder)).description).toMatchObject({ deviceMemoryBytes: 8e9 });
});

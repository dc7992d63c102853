import { createHash } from 'node:crypto';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { readFeatures, readLogits } from '@hearth/native/testing';
import { describe, expect, test } from '@jest/globals';
import { encodeWindow, native } from './support/embedded-model.ts';
import { type ModelFolderForm, writeModelFolder } from './support/model-folder.ts';
import { recordingPath } from './support/recordings.ts';
import { relativeError } from './support/relative-error.ts';
import { readTensorBytes } from './support/safetensors-file.ts';
import { createSmallModel, type SmallModel } from './support/small-model.ts';
import { withTemporaryFolder } from './support/temporary-folder.ts';

const model = unlikeAGrid(createSmallModel({ melBins: 80, vocabularySize: 51864, seed: 3 }));
const float16: ModelFolderForm = { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'weights.npz' };
const fourBits = { bits: 4, encoderBits: 4, groupSize: 64, windows: [] };
const clip = { file: 'google_brooklyn.flac', startFrame: 0, frameCount: 181 };
const tokens = [50257, 50362, 1374, 1468, 318];

/** Values that 4 bits do not hold, and float16 does. */
function unlikeAGrid(small: SmallModel): SmallModel {
  const weights = [...small.weights].map(([name, weight]) => {
    const values = weight.values.map((value, i) => value * (1 + ((i * 7) % 13) / 16));
    return [name, weight.grid === undefined ? weight : { ...weight, values }] as const;
  });
  return { ...small, weights: new Map(weights) };
}

type Work = (folders: { readonly source: string; readonly result: string }) => Promise<void>;

function withSource(form: ModelFolderForm, work: Work): Promise<void> {
  return withTemporaryFolder((source) =>
    withTemporaryFolder(async (result) => {
      await writeModelFolder(source, model, form);
      await work({ source, result });
    }),
  );
}

async function answerOf(folder: string) {
  const engine = await native.loadModel({ folder });
  const encoding = await encodeWindow(engine, clip);
  const features = await readFeatures(encoding);
  const logits = await readLogits({ model: engine, encoding, tokens });
  encoding.close();
  const { quantization } = engine;
  await engine.close();
  return { features, logits, quantization };
}

/** SHA-256 of weight, scales and biases of this layer from `mlx.core.quantize` of PyPI's mlx 0.32.4, on a CPU. */
const fromPython: Readonly<Record<number, string>> = {
  4: '6cef2009309c65c6a1b77b7d1437b791becca16feb1a369c95bd8f7d2e32461d',
  5: '63f78645f6ab935b0bc5f662be075ffe9fc73fd188d20b91873df8d92c2f22c0',
  6: '298e8983270e3f1abf1c0b60229182395a822ec476894d7993578a6c703c9db1',
  8: '53001eb2cfea6fd275361e077b6530e3422691d72f149be42eed15d21d23d051',
};
const onGpu = native.info().gpuAvailable;

(onGpu ? test.skip : test).each([4, 5, 6, 8])(
  `in %i bits it gives what mlx.core.quantize gives in Python, bit for bit${onGpu ? ' (not run: these are of a CPU)' : ''}`,
  (bits) =>
    withSource(float16, async ({ source, result }) => {
      await native.quantizeModel({ ...fourBits, bits, encoderBits: bits, folder: source, outputFolder: result });
      const made = readTensorBytes(join(result, 'weights.safetensors'));
      const hash = createHash('sha256');
      for (const part of ['weight', 'scales', 'biases']) {
        hash.update(made.get(`decoder.blocks.1.mlp1.${part}`) as Uint8Array);
      }
      expect(hash.digest('hex')).toBe(fromPython[bits]);
    }),
);

test('every layout gives the same file: npz, an -asr- conversion, and shards of Hugging Face', async () => {
  const forms: readonly ModelFolderForm[] = [
    float16,
    { layout: 'asr', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' },
    {
      layout: 'hugging-face',
      storage: { dtype: 'F32' },
      weightsFile: 'model.safetensors',
      shards: ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
    },
    {
      layout: 'hugging-face',
      storage: { dtype: 'F32' },
      weightsFile: 'model.safetensors',
      shards: ['one half.safetensors', 'other/half.safetensors'],
      shardIndex: 'model.safetensors.index.json',
    },
  ];
  const made: Buffer[] = [];
  for (const form of forms) {
    await withSource(form, async ({ source, result }) => {
      await native.quantizeModel({ ...fourBits, folder: source, outputFolder: result });
      expect((await readdir(result)).sort()).toEqual(['config.json', 'weights.safetensors']);
      made.push(await readFile(join(result, 'weights.safetensors')));
    });
  }
  expect(made.map((file) => Buffer.compare(file, made[0] as Buffer))).toEqual([0, 0, 0, 0]);
});

test('fewer bits are further from the float model, and an encoder can have more than the rest', () =>
  withSource(float16, async ({ source, result }) => {
    const exact = await answerOf(source);
    const errors = new Map<string, number>();
    for (const [bits, encoderBits] of [
      [8, 8],
      [6, 6],
      [5, 5],
      [4, 4],
      [4, 8],
    ] as const) {
      await native.quantizeModel({ ...fourBits, bits, encoderBits, folder: source, outputFolder: result });
      const answer = await answerOf(result);
      const mixed = bits === encoderBits ? {} : { encoderBits };
      expect(answer.quantization).toEqual({ bits, groupSize: 64, ...mixed });
      errors.set(`${encoderBits}`, relativeError(answer.features, exact.features));
      errors.set(`${encoderBits}+${bits}`, relativeError(answer.logits, exact.logits));
    }
    const ascending = (names: readonly string[]) => names.map((name) => errors.get(name) as number);
    for (const row of [ascending(['8', '6', '5', '4']), ascending(['8+8', '6+6', '5+5', '4+4'])]) {
      expect(row).toEqual([...row].sort((a, b) => a - b));
    }
    expect(errors.get('8+4')).toBeLessThan(errors.get('4+4') as number);
    expect(errors.get('8+8')).toBeLessThan(0.02);
  }));

test('fitted to speech, a model is closer to the float model than plainly quantised', () =>
  withSource(float16, async ({ source, result }) => {
    const exact = await answerOf(source);
    const audio = await native.openAudio({ path: recordingPath(clip.file) });
    const windows = [{ audio, startFrame: clip.startFrame, frameCount: clip.frameCount, tokens }];
    const errors: number[] = [];
    for (const each of [[], windows]) {
      await native.quantizeModel({ ...fourBits, windows: each, folder: source, outputFolder: result });
      errors.push(relativeError((await answerOf(result)).features, exact.features));
    }
    audio.close();
    expect(errors[1]).toBeLessThan((errors[0] as number) * 0.8);
  }));

test('a call that was cancelled is gone on with: no layer is made twice, and the file is the same to the byte', () =>
  withSource(float16, async ({ source, result }) => {
    const audio = await native.openAudio({ path: recordingPath(clip.file) });
    const windows = [{ audio, startFrame: clip.startFrame, frameCount: clip.frameCount, tokens }];
    const request = { ...fourBits, windows, folder: source, outputFolder: result };
    const weights = join(result, 'weights.safetensors');
    await native.quantizeModel(request);
    const whole = await readFile(weights);
    const finishedPath = join(result, 'finished-layers');
    const finished = async () => (await readFile(finishedPath, 'utf8')).trim().split('\n');
    // Some end between layers that have the same inputs.
    for (const last of [1, 4, 17]) {
      const controller = new AbortController();
      const onProgress = ({ done }: { readonly done: number }) => done === last && controller.abort();
      const { signal } = controller;
      const call = native.quantizeModel({ ...request, finishedPath, signal, onProgress });
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
      expect((await finished()).length).toBeGreaterThanOrEqual(last);
    }
    await native.quantizeModel({ ...request, finishedPath });
    audio.close();
    const layers = await finished();
    expect([layers.length, new Set(layers).size]).toEqual([33, 33]);
    expect(Buffer.compare(await readFile(weights), whole)).toBe(0);
  }));

describe('is refused', () => {
  test('a model that is quantised already', () =>
    withSource({ ...float16, storage: { bits: 8, groupSize: 64 } }, async ({ source, result }) => {
      await expect(native.quantizeModel({ ...fourBits, folder: source, outputFolder: result })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('quantised already'),
      });
    }));

  test('a group size that does not divide the width', () =>
    withSource(float16, async ({ source, result }) => {
      const request = { ...fourBits, groupSize: 96, folder: source, outputFolder: result };
      await expect(native.quantizeModel(request)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }));

  test('a file that is cut short', () =>
    withSource({ ...float16, weightsFile: 'model.safetensors' }, async ({ source, result }) => {
      await truncate(join(source, 'model.safetensors'), 2_000_000);
      const request = { ...fourBits, folder: source, outputFolder: result };
      await expect(native.quantizeModel(request)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    }));

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 70_000])(
    'a tensor with %p in it, by its name',
    (wrong) => {
      const name = 'decoder.blocks.1.mlp2.weight';
      const weight = model.weights.get(name) as NonNullable<ReturnType<typeof model.weights.get>>;
      const { grid: _, ...dense } = weight;
      const weights = new Map([...model.weights, [name, { ...dense, values: weight.values.with(5, wrong) }]]);
      return withTemporaryFolder((source) =>
        withTemporaryFolder(async (result) => {
          await writeModelFolder(source, { ...model, weights }, { ...float16, storage: { dtype: 'F32' } });
          const quantized = native.quantizeModel({ ...fourBits, folder: source, outputFolder: result });
          await expect(quantized).rejects.toMatchObject({
            code: 'MODEL_INVALID',
            message: expect.stringContaining(name),
          });
        }),
      );
    },
  );

  test('a tensor that is missing, by its name', () => {
    const weights = new Map([...model.weights].filter(([name]) => name !== 'decoder.blocks.1.mlp2.weight'));
    return withTemporaryFolder((source) =>
      withTemporaryFolder(async (result) => {
        await writeModelFolder(source, { ...model, weights }, float16);
        await expect(native.quantizeModel({ ...fourBits, folder: source, outputFolder: result })).rejects.toMatchObject(
          {
            code: 'MODEL_INVALID',
            message: expect.stringContaining('decoder.blocks.1.mlp2.weight'),
          },
        );
      }),
    );
  });
});

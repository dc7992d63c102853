import type { ComputationTrial, ModelComputation, NativeModel } from '@hearth/native';
import { readLogits } from '@hearth/native/testing';
import { expect, test } from '@jest/globals';
import { encodeWindow } from './support/embedded-model.ts';
import { relativeError } from './support/relative-error.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';

// MLX's operations on this CPU compute what is tried; how long it takes is made up.
const small = createSmallModel({ melBins: 80, vocabularySize: 51865, seed: 3 });
const fourBits = {
  ...({ layout: 'mlx-whisper', weightsFile: 'model.safetensors' } as const),
  storage: { bits: 4, groupSize: 64 },
} as const;

type Times = Readonly<Record<number, number>>;
interface Device {
  readonly encoder: Readonly<Record<'dense' | 'quantized', Times>>;
  readonly decoder: Readonly<Record<'dense' | 'quantized', Times>>;
  readonly logMel: Partial<Readonly<Record<'cpu' | 'device', Times>>>;
}

/** Milliseconds of large-v3-turbo's shapes, measured on an NVIDIA H200 (docs/performance-gpu.md). */
const h200: Device = {
  encoder: { dense: { 1: 7.9, 2: 13.615, 4: 23.832, 8: 43.27 }, quantized: { 1: 18.924, 4: 64.991 } },
  decoder: {
    dense: { 1: 12.206, 4: 13.097, 8: 13.655, 24: 12.876 },
    quantized: { 1: 11.315, 4: 13.215, 8: 17.259, 24: 31.735 },
  },
  logMel: { cpu: { 1: 4.435 }, device: { 1: 1.932 } },
};
/** The same with kernels that read 4 bits as fast for 8 rows as for 4. */
const h200WithFastFew: Device = {
  ...h200,
  decoder: { ...h200.decoder, quantized: { 1: 11.3, 4: 12, 8: 13.6, 24: 31.7 } },
};
/** As fast in 4 bits as in 16, as others measured on a Mac: a window takes as long in a pass as by itself. */
const mac: Device = {
  encoder: {
    dense: { 1: 286, 2: 560, 4: 1110, 8: 2210 },
    quantized: { 1: 289, 2: 565, 4: 1120, 8: 2230 },
  },
  decoder: { dense: { 1: 9, 4: 10, 8: 11, 24: 14 }, quantized: { 1: 4, 4: 6, 8: 9, 24: 14.5 } },
  logMel: { cpu: { 1: 2 }, device: { 1: 3 } },
};

function trialsOf({ encoder, decoder, logMel }: Device): readonly ComputationTrial[] {
  return Object.entries({ encoder, decoder, logMel }).flatMap(([part, ways]) =>
    Object.entries(ways).flatMap(([way, times]) =>
      Object.entries(times).map(
        ([count, milliseconds]) =>
          ({ part, way, count: Number(count), seconds: milliseconds / 1000 }) as ComputationTrial,
      ),
    ),
  );
}

async function chooseOn(device: Device, request: { readonly saveMemory?: boolean } = {}): Promise<NativeModel> {
  return loadSmallModel(small, fourBits, {
    // In float32, as the operations that they are held against; a GPU would compute in float16.
    ...{ operations: 'mlx', float32: true, measured: () => null, trials: trialsOf(device), ...request },
  });
}

/** By few rows and by many. */
async function logitsOf(model: NativeModel): Promise<readonly Float32Array[]> {
  const clip = { file: 'google_brooklyn.flac', startFrame: 0, frameCount: 181, windowFrames: 1200 };
  const encoding = await encodeWindow(model, clip);
  const texts = [
    [50258, 50259, 50359],
    [50258, 50259, 50359, 50364, 400, 370, 452, 7177, 6280, 1029, 406, 437],
  ];
  const logits = await Promise.all(texts.map((tokens) => readLogits({ model, encoding, tokens })));
  encoding.close();
  return logits;
}

async function choiceOn(device: Device, request: { readonly saveMemory?: boolean } = {}): Promise<ModelComputation> {
  const model = await chooseOn(device, request);
  model.close();
  return model.computation;
}

test("on an H200's times the engine makes the encoder dense and has four windows in a pass, and computes what our own operations do", async () => {
  const model = await chooseOn(h200);
  expect(model.computation).toEqual({
    ...{ denseEncoder: true, rowsReadQuantized: 4, encoderBatch: 4, logMelOnDevice: true },
  });
  expect(model.trials).toContainEqual({
    part: 'encoder',
    way: 'quantized',
    count: 1,
    seconds: expect.closeTo(0.018924),
  });
  const own = await loadSmallModel(small, fourBits, { operations: 'cpu', float32: true });
  const [found, expected] = [await logitsOf(model), await logitsOf(own)];
  own.close();
  model.close();
  for (const [i, logits] of found.entries()) {
    expect(relativeError(logits, expected[i] as Float32Array)).toBeLessThan(1e-3);
  }
});

test('as many rows read 4 bits as do so without being slower', async () => {
  expect((await choiceOn(h200WithFastFew)).rowsReadQuantized).toBe(8);
});

test('where 4 bits are as fast nothing is made dense, one window is encoded at a time, and the faster log-mel is used', async () => {
  expect(await choiceOn(mac)).toEqual({
    ...{ denseEncoder: false, rowsReadQuantized: null, encoderBatch: 1, logMelOnDevice: false },
  });
});

test('a decoder that is never faster in 4 bits, and is faster in 16 with many rows, has 16 alone', async () => {
  const decoder = { dense: { 1: 1, 4: 1, 8: 1, 24: 1 }, quantized: { 1: 1, 4: 1.02, 8: 1, 24: 3 } };
  expect((await choiceOn({ ...h200, decoder })).rowsReadQuantized).toBe(0);
});

test('what a device cannot compute is not chosen', async () => {
  expect((await choiceOn({ ...h200, logMel: { cpu: { 1: 4 } } })).logMelOnDevice).toBe(false);
});

test('a model that has to save memory stays as it is in its file, whatever is faster', async () => {
  expect(await choiceOn(h200, { saveMemory: true })).toEqual({
    ...{ denseEncoder: false, rowsReadQuantized: null, encoderBatch: 1, logMelOnDevice: true },
  });
});

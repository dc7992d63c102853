import { type Arithmetic, createNative, type NativeModel } from '@hearth/native';
import { readFeatures } from '@hearth/native/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeWindows, loadEmbeddedModel, multilingual, native } from './support/embedded-model.ts';
import { readableRecordings } from './support/recordings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { countWordErrors } from './support/word-errors.ts';

/** Relative to the exact encoding; the 4-bit weights themselves are 0.19 off those that they were made of. */
const mostRelativeError = 0.1;
const recording = 'librispeech-1688-joined.flac';
const figures: string[] = [];
const models = {} as Record<Arithmetic, NativeModel>;

beforeAll(async () => {
  // Where there is a GPU too, 8 bits are the CPU's.
  for (const arithmetic of ['exact', 'int8'] as const) {
    models[arithmetic] = await loadEmbeddedModel({ arithmetic, operations: 'cpu' });
  }
});

afterAll(async () => {
  process.stdout.write(`in 8 bits:\n${figures.join('\n')}\n`);
  for (const model of Object.values(models)) await model.close();
});

async function encode(model: NativeModel, windows: number): Promise<readonly Float32Array[]> {
  const encodings = await encodeWindows(
    model,
    Array.from({ length: windows }, (_, window) => ({ file: recording, startFrame: 500 * window, frameCount: 3000 })),
  );
  const features = await Promise.all(encodings.map(readFeatures));
  for (const encoding of encodings) encoding.close();
  return features;
}

test('a model says which arithmetic it really uses', async () => {
  expect(models.exact.arithmetic).toBe('exact');
  expect(models.int8.arithmetic).toBe(native.info().hasInt8Arithmetic ? 'int8' : 'exact');
  const mlx = await loadEmbeddedModel({ operations: 'mlx', arithmetic: 'int8' });
  expect(mlx.arithmetic).toBe('exact');
  await mlx.close();
});

test('an encoding in 8 bits is near the exact one', async () => {
  const [exact] = await encode(models.exact, 1);
  const [rounded] = await encode(models.int8, 1);
  const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const difference = (exact as Float32Array).map((value, i) => value - (rounded?.[i] ?? Number.NaN));
  const relativeError = Math.sqrt(squares(difference) / squares(exact as Float32Array));
  figures.push(`encoder, relative: ${relativeError.toFixed(4)}`);
  expect(relativeError).toBeLessThan(mostRelativeError);
});

test('an encoding in 8 bits is the same to the bit in every run, beside other windows, and for any number of threads', async () => {
  const [alone] = await encode(models.int8, 1);
  const [first] = await encode(models.int8, 2);
  createNative({ threads: 1 });
  const [single] = await encode(models.int8, 1);
  createNative();
  expect(first).toEqual(alone);
  expect(single).toEqual(alone);
});

test('hardly more words are wrong in 8 bits', async () => {
  const said = readableRecordings.find(({ file }) => file === recording)?.text ?? '';
  const errors = { exact: 0, int8: 0 };
  for (const arithmetic of ['exact', 'int8'] as const) {
    const model = models[arithmetic];
    const { text } = await transcribeRecording({
      ...{ model, vocabulary: multilingual, file: recording },
      options: { language: 'en', temperature: [0] },
    });
    errors[arithmetic] = countWordErrors({ said, written: text, language: 'en' }).errors;
  }
  figures.push(`${recording}: ${errors.int8} words wrong, ${errors.exact} exact`);
  // Of 174.
  expect(errors.int8).toBeLessThanOrEqual(errors.exact + 3);
});

import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadEmbeddedModel, readMelWindow } from './support/embedded-model.ts';
import { largestDifference } from './support/relative-error.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';
import { everyColumn, oracleTensor, stageOracle } from './support/stage-oracle.ts';

const framesPerWindow = 3000;
/** MLX's operations compute on a GPU what they compute on this CPU. */
const onDevice = { denseEncoder: true, rowsReadQuantized: 8, encoderBatch: 4, logMelOnDevice: true };
const loaders: readonly { readonly melBins: number; readonly by: string; readonly load: () => Promise<NativeModel> }[] =
  [
    { melBins: 80, by: 'our own kernel', load: loadEmbeddedModel },
    { melBins: 128, by: 'our own kernel', load: () => loadSmall(128) },
    { melBins: 80, by: 'MLX', load: () => loadSmall(80, { operations: 'mlx', measured: () => onDevice }) },
    { melBins: 128, by: 'MLX', load: () => loadSmall(128, { operations: 'mlx', measured: () => onDevice }) },
  ];

describe.each(loaders)('with $melBins bins, by $by', ({ melBins, load }) => {
  const windows = stageOracle.mel.filter((window) => window.melBins === melBins);
  let model: NativeModel;

  beforeAll(async () => {
    model = await load();
  });

  afterAll(() => model.close());

  test.each(windows)("log-mel of $file from frame $startFrame is OpenAI's", async (window) => {
    const sampled = everyColumn(await readMelWindow(model, window), framesPerWindow, stageOracle.melFrameStride);
    const difference = largestDifference(sampled, oracleTensor(window.tensor));
    process.stdout.write(`${window.tensor}: largest difference ${difference.toExponential(1)}\n`);
    expect(difference).toBeLessThan(1e-4);
  });

  test('a window past the end of its sound is zeros, not silence', async () => {
    const values = await readMelWindow(model, { file: 'google_brooklyn.flac', frameCount: 150 });
    expect(frames(values, 149, 1).every((value) => value !== 0)).toBe(true);
    expect(frames(values, 150, 2850).every((value) => value === 0)).toBe(true);
  });

  test('a window that starts in the middle holds the same frames as one from the start', async () => {
    const file = 'librispeech-1688-joined.flac';
    const whole = await readMelWindow(model, { file, frameCount: 3000 });
    const later = await readMelWindow(model, { file, startFrame: 1234, frameCount: 500 });
    expect(largestDifference(frames(later, 0, 500), frames(whole, 1234, 500))).toBeLessThan(1e-5);
  });
});

function loadSmall(melBins: 80 | 128, request: Parameters<typeof loadSmallModel>[2] = {}): Promise<NativeModel> {
  const model = createSmallModel({ melBins, vocabularySize: melBins === 80 ? 51865 : 51866, seed: 3 });
  const form = {
    layout: 'mlx-whisper',
    storage: { bits: 4, groupSize: 64 },
    weightsFile: 'model.safetensors',
  } as const;
  return loadSmallModel(model, form, request);
}

function frames(values: Float32Array, first: number, count: number): Float32Array {
  return values.filter((_, i) => i % framesPerWindow >= first && i % framesPerWindow < first + count);
}

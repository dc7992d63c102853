import type { NativeModel, NativeSession } from '@hearth/native';
import { readFeatures, readLogits } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeWindow, encodeWindows, loadEmbeddedModel, multilingual, sessionOf } from './support/embedded-model.ts';
import { largestDifference, relativeError } from './support/relative-error.ts';
import { everyColumn, oracleTensor, stageOracle } from './support/stage-oracle.ts';

const tolerance = 2e-3;

/** MLX's own operations take half a minute for a window on a CPU, and longer on a busy one. */
const slowOnCpuMs = 1_800_000;
const cases = [
  { operations: 'cpu', clips: stageOracle.logits },
  { operations: 'mlx', clips: stageOracle.logits.slice(0, 1) },
] as const;

describe.each(cases)('with $operations operations', ({ operations, clips }) => {
  let model: NativeModel;

  beforeAll(async () => {
    model = await loadEmbeddedModel({ operations });
  });

  afterAll(() => model.close());

  test.each(clips)(
    "encoder and decoder say of $file what OpenAI's say",
    async (each) => {
      const { vocabularySize, audioState } = model.dimensions;
      const encoding = await encodeWindow(model, each);
      const features = await readFeatures(encoding);
      const logits = await readLogits({ model, encoding, tokens: each.tokens });
      encoding.close();

      const featureError = relativeError(everyPosition(features, audioState), oracleTensor(`features/${each.file}`));
      const sampled = everyColumn(logits, vocabularySize, stageOracle.logitStride);
      const logitError = relativeError(sampled, oracleTensor(`logits/${each.file}`));
      process.stdout.write(
        `${operations} ${each.file}: encoder ${featureError.toExponential(1)}, logits ${logitError.toExponential(1)}\n`,
      );
      expect(featureError).toBeLessThan(tolerance);
      expect(logitError).toBeLessThan(tolerance);
      expectSameTopTokens(each, logits, vocabularySize);
    },
    slowOnCpuMs,
  );
});

describe('languages', () => {
  const sot = multilingual.special.startOfTranscript;
  const { languageTokens } = stageOracle;
  let model: NativeModel;
  let session: NativeSession;

  beforeAll(async () => {
    model = await loadEmbeddedModel();
    session = sessionOf(model);
  });

  afterAll(() => {
    session.close();
    model.close();
  });

  test.each(stageOracle.languages)("the languages of $file are as likely as OpenAI's say", async (each) => {
    const encoding = await encodeWindow(model, each);
    const probabilities = await session.detectLanguage({ encoding, sot, languageTokens });
    encoding.close();
    expect(largestDifference(probabilities, oracleTensor(each.tensor))).toBeLessThan(1e-4);
  });

  test('every window of a batch gets its own languages', async () => {
    const windows = stageOracle.languages.slice(1, 4);
    const encodings = await encodeWindows(model, windows);
    const probabilities = await Promise.all(
      encodings.map((encoding) => session.detectLanguage({ encoding, sot, languageTokens })),
    );
    for (const encoding of encodings) encoding.close();
    expect(probabilities).toHaveLength(windows.length);
    for (const [i, window] of windows.entries()) {
      expect(largestDifference(probabilities[i] as Float32Array, oracleTensor(window.tensor))).toBeLessThan(1e-4);
    }
  });
});

function everyPosition(features: Float32Array, audioState: number): Float32Array {
  return features.filter((_, i) => Math.floor(i / audioState) % stageOracle.featurePositionStride === 0);
}

/** The likeliest tokens of every position, wherever OpenAI's own logits lie further apart than rounding. */
function expectSameTopTokens(each: { file: string; tokens: readonly number[] }, logits: Float32Array, size: number) {
  const tops = oracleTensor(`top-tokens/${each.file}`);
  const values = oracleTensor(`top-logits/${each.file}`);
  const topCount = tops.length / each.tokens.length;
  for (const position of each.tokens.keys()) {
    const row = logits.subarray(position * size, (position + 1) * size);
    const [first, second] = values.subarray(position * topCount, position * topCount + 2);
    if ((first as number) - (second as number) < 1e-2) continue;
    const likeliest = row.reduce((best, value, token) => (value > (row[best] as number) ? token : best), 0);
    expect(likeliest).toBe(tops[position * topCount]);
  }
}

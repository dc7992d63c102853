import type { NativeEncoding, NativeModel } from '@hearth/native';
import { readFeatures, readLogits } from '@hearth/native/testing';
import { expect } from '@jest/globals';
import { relativeError } from './relative-error.ts';
import { everyColumn, oracleTensor, stageOracle } from './stage-oracle.ts';

const tolerance = 2e-3;

/** What the encoder and the decoder say of a clip, whose first window this is the encoding of, is what OpenAI's say. */
export async function expectOracleLogits(
  model: NativeModel,
  encoding: NativeEncoding,
  { file, tokens }: { readonly file: string; readonly tokens: readonly number[] },
): Promise<void> {
  const { vocabularySize, audioState } = model.dimensions;
  const features = await readFeatures(encoding);
  const logits = await readLogits({ model, encoding, tokens });
  const featureError = relativeError(everyPosition(features, audioState), oracleTensor(`features/${file}`));
  const sampled = everyColumn(logits, vocabularySize, stageOracle.logitStride);
  const logitError = relativeError(sampled, oracleTensor(`logits/${file}`));
  process.stdout.write(
    `${model.operations} ${file}: encoder ${featureError.toExponential(1)}, logits ${logitError.toExponential(1)}\n`,
  );
  expect(featureError).toBeLessThan(tolerance);
  expect(logitError).toBeLessThan(tolerance);
  expectSameTopTokens({ file, tokens }, logits, vocabularySize);
}

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

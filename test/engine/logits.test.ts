import type { NativeModel, NativeSession } from '@hearth/native';
import { encodingOf, readFeatures, readLogits } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeWindow, encodeWindows, loadEmbeddedModel, multilingual, sessionOf } from './support/embedded-model.ts';
import { expectOracleLogits } from './support/expect-oracle-logits.ts';
import { largestDifference } from './support/relative-error.ts';
import { oracleTensor, stageOracle } from './support/stage-oracle.ts';

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

test.each(stageOracle.logits)("encoder and decoder say of $file what OpenAI's say", async (clip) => {
  const encoding = await encodeWindow(model, clip);
  await expectOracleLogits(model, encoding, clip);
  encoding.close();
});

/** Other tests remember what the encoder made of a window, in place of having it encoded again. */
test.each([1200, 3000])(
  'of its features, a window of %i frames is an encoding again, to the bit',
  async (windowFrames) => {
    const { file, tokens } = stageOracle.logits[0] as (typeof stageOracle.logits)[0];
    const encoding = await encodeWindow(model, { file, frameCount: 490, windowFrames });
    const again = await encodingOf({ model, features: await readFeatures(encoding) });
    expect(await readFeatures(again)).toEqual(await readFeatures(encoding));
    expect(await readLogits({ model, encoding: again, tokens })).toEqual(await readLogits({ model, encoding, tokens }));
    again.close();
    encoding.close();
  },
);

describe('languages', () => {
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

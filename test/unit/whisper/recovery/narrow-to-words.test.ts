import { describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import { divideUtterance, isSlow, narrowToWords } from '../../../../daemon/src/whisper/recovery/narrow-to-words.ts';
import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';
import { multilingual } from '../../../engine/support/embedded-model.ts';
import { createScriptedModel } from '../scripted-model.ts';
import { segmentOfTokens as segment } from './segment-of-tokens.ts';

const { endOfText } = multilingual.special;
const range = (startSeconds: number, endSeconds: number): SpeechRange => ({ startSeconds, endSeconds });

describe('slow are, of tokens in what is spoken,', () => {
  const spoken = [{ startSeconds: 0, endSeconds: 20 }];
  test.each<[string, WindowSegment, WindowSegment[], boolean]>([
    ['two a second beside four', segment(0, 8, 16), [segment(8, 20, 48)], true],
    ['three and a half beside four', segment(0, 8, 28), [segment(8, 20, 48)], false],
    ['two alone', segment(0, 8, 16), [], false],
    ['two beside a short one', segment(0, 8, 16), [segment(8, 10, 20)], false],
    ['four in two seconds and a half', segment(0, 2.5, 4), [segment(8, 20, 48)], true],
    ['one second', segment(0, 1, 1), [segment(8, 20, 48)], false],
    ['a silence', segment(20, 28, 4), [segment(8, 20, 48)], false],
    ['none', segment(0, 8, 0), [segment(8, 20, 48)], false],
  ])('%s', (_, each, others, expected) => {
    expect(isSlow(each, { among: [each, ...others], spoken, endOfText })).toBe(expected);
  });
});

describe('an utterance from 4 to 5.5 s is divided', () => {
  const spoken = [range(0, 3), range(4, 4.8), range(4.9, 5.5), range(6.5, 12)];
  test.each<[string, SpeechRange[], boolean]>([
    ['by a border in it', [range(0, 4.7), range(4.7, 12)], true],
    ['by the end of a segment in it', [range(0, 5), range(6.5, 12)], true],
    ['by no border near its start', [range(0, 4.2), range(4.2, 12)], false],
    ['by no border in a pause', [range(0, 3.5), range(3.5, 6), range(6, 12)], false],
    ['by no border in what is said after it for long', [range(0, 6), range(6, 9), range(9, 12)], false],
    ['by no end of the window', [range(0, 5)], false],
    ['by nothing', [], false],
  ])('%s', (_, segments, expected) => {
    expect(divideUtterance(segments, spoken)).toBe(expected);
  });
});

describe('of segments that divide what is said from 13.8 to 14.9 s between them', () => {
  const spoken = [range(0.5, 12.5), range(13.8, 14.9), range(16.6, 25)];
  const words = [' But', ' the', ' hopes', ' he', ' built', ' around', ' it'];
  const tokensOf = (texts: readonly string[]) => texts.flatMap((text) => multilingual.encode(text));
  const segmentOf = (startSeconds: number, endSeconds: number, texts: readonly string[]): WindowSegment => ({
    ...segment(startSeconds, endSeconds, 0),
    text: texts.join(''),
    tokens: tokensOf(texts),
  });
  const segments = [segmentOf(0, 14.2, [...words, ...words, ...words]), segmentOf(14.2, 25, [...words, ...words])];
  const [first, second] = segments as [WindowSegment, WindowSegment];

  async function narrowed(startsOf: (i: number) => number): Promise<readonly SpeechRange[]> {
    const scripted = createScriptedModel({ answer: () => Promise.reject(new Error('Expected no text.')) });
    const model: typeof scripted.model = {
      ...scripted.model,
      align: async ({ text }) => ({
        starts: Int32Array.from({ length: text.length + 1 }, (_, i) => startsOf(i) / 0.02),
        probabilities: new Float32Array(text.length).fill(1),
      }),
    };
    const encoding = await model.encode({ audio: {} as never, startFrame: 0, frameCount: 2500 });
    const request = {
      ...{ model, encoding, segments, options: resolveOptions({}), lastSpeechSeconds: 0 },
      tokenizer: createTokenizer(multilingual, { language: 'en', task: 'transcribe' }),
      window: { seekFrames: 0, contentFrames: 2500 },
    };
    const found = await narrowToWords(request, spoken);
    return found.map(({ startSeconds, endSeconds }) => ({ startSeconds, endSeconds }));
  }

  test('both get the times of their words where these leave it out', async () => {
    const spokenBefore = first.tokens.length;
    // A word ends where the next one begins, which is then too long.
    const [before, after] = await narrowed((i) =>
      i <= spokenBefore ? 0.5 + (12 * i) / spokenBefore : 16.6 + (i - spokenBefore) * 0.5,
    );
    expect(before?.endSeconds).toBeLessThan(13.8);
    expect(after?.startSeconds).toBeGreaterThan(14.9);
  });

  test('they stay as they are where its words are among theirs', async () => {
    const found = await narrowed((i) => Math.min(24.9, 0.5 + i * 0.7));
    expect(found).toEqual([range(first.startSeconds, first.endSeconds), range(second.startSeconds, second.endSeconds)]);
  });
});

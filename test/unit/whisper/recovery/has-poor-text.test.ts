import { expect, test } from '@jest/globals';
import { hasPoorText } from '../../../../daemon/src/whisper/recovery/has-poor-text.ts';
import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';

const endOfText = 50257;
const segment = (startSeconds: number, endSeconds: number, tokenCount: number): WindowSegment => ({
  seek: 0,
  startSeconds,
  endSeconds,
  text: ' text',
  tokens: [50364, ...Array.from({ length: tokenCount }, () => 1), 50400],
  temperature: 0,
  avgLogprob: -0.2,
  compressionRatio: 1,
  noSpeechProb: 0,
});
const spoken = [{ startSeconds: 0, endSeconds: 20 }];

test.each<[string, WindowSegment, boolean]>([
  ['four words in twenty seconds', segment(0, 20, 5), true],
  ['sixty words in twenty seconds', segment(0, 20, 80), false],
  ['a word in three seconds', segment(0, 3, 1), false],
  ['four words in a silence', segment(20, 30, 5), false],
])('%s', (_, each, expected) => {
  expect(hasPoorText(each, spoken, endOfText)).toBe(expected);
});

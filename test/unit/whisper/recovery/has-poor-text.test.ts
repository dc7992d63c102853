import { expect, test } from '@jest/globals';
import { hasPoorText } from '../../../../daemon/src/whisper/recovery/has-poor-text.ts';
import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';
import { segmentOfTokens as segment } from './segment-of-tokens.ts';

const endOfText = 50257;
const spoken = [{ startSeconds: 0, endSeconds: 20 }];

test.each<[string, WindowSegment, boolean]>([
  ['four words in twenty seconds', segment(0, 20, 5), true],
  ['sixty words in twenty seconds', segment(0, 20, 80), false],
  ['a word in three seconds', segment(0, 3, 1), false],
  ['four words in a silence', segment(20, 30, 5), false],
])('%s', (_, each, expected) => {
  expect(hasPoorText(each, spoken, endOfText)).toBe(expected);
});

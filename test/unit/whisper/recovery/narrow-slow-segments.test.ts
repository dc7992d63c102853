import { expect, test } from '@jest/globals';
import { isSlow } from '../../../../daemon/src/whisper/recovery/narrow-slow-segments.ts';
import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';
import { segmentOfTokens as segment } from './segment-of-tokens.ts';

const endOfText = 50257;
const spoken = [{ startSeconds: 0, endSeconds: 20 }];

test.each<[string, WindowSegment, WindowSegment[], boolean]>([
  ['two tokens a second beside four', segment(0, 8, 16), [segment(8, 20, 48)], true],
  ['three and a half beside four', segment(0, 8, 28), [segment(8, 20, 48)], false],
  ['two alone', segment(0, 8, 16), [], false],
  ['two beside a short one', segment(0, 8, 16), [segment(8, 10, 20)], false],
  ['one second', segment(0, 1, 1), [segment(8, 20, 48)], false],
  ['a silence', segment(20, 28, 4), [segment(8, 20, 48)], false],
  ['none', segment(0, 8, 0), [segment(8, 20, 48)], false],
])('%s', (_, each, others, expected) => {
  expect(isSlow(each, { among: [each, ...others], spoken, endOfText })).toBe(expected);
});

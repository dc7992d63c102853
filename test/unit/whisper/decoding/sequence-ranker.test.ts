import { expect, test } from '@jest/globals';
import { bestCandidate } from '../../../../daemon/src/whisper/decoding/sequence-ranker.ts';

const short = { tokens: [1], sumLogprob: -1 };
const long = { tokens: [1, 2, 3, 4], sumLogprob: -3.2 };

test('candidates rank by their log probability per token', () => {
  expect(bestCandidate([short, long], null)).toBe(long);
});

test('a length penalty of 0 ranks by log probability alone, and a higher one favours length', () => {
  expect(bestCandidate([short, long], 0)).toBe(short);
  const longer = { tokens: Array(60).fill(1), sumLogprob: -3.2 };
  expect(bestCandidate([short, longer], 1)).toBe(longer);
});

test('an empty text has the length of one token, and the first of equals wins', () => {
  const empty = { tokens: [], sumLogprob: -1 };
  expect(bestCandidate([empty, short], null)).toBe(empty);
});

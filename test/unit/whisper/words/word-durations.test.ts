import { expect, test } from '@jest/globals';
import { medianWordSeconds, shortenAtSentenceEnds } from '../../../../daemon/src/whisper/words/word-durations.ts';

const timing = (word: string, startSeconds: number, endSeconds: number) => ({
  ...{ word, startSeconds, endSeconds },
  ...{ tokens: [1], probability: 1 },
});

test('the median counts only words that last, and is at most 0.7 s', () => {
  expect(medianWordSeconds([timing(' a', 0, 0), timing(' b', 0, 0.2), timing(' c', 0.2, 0.6)])).toBeCloseTo(0.3);
  expect(medianWordSeconds([timing(' a', 0, 3)])).toBe(0.7);
  expect(medianWordSeconds([timing(' a', 1, 1)])).toBe(0);
});

test('a long mark at the end of a sentence and the long word after it are shortened', () => {
  const shortened = shortenAtSentenceEnds([timing(' end', 0, 0.4), timing('.', 0.4, 3), timing(' New', 3, 6)], 0.4);
  expect(shortened.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
    [0, 0.4],
    [0.4, expect.closeTo(1.2)],
    [expect.closeTo(5.2), 6],
  ]);
});

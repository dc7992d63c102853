import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collapseLoop } from '../../../../daemon/src/whisper/decoding/collapse-loop.ts';

const timestampBegin = 1000;
const repeat = (tokens: readonly number[], count: number) => Array.from({ length: count }, () => tokens).flat();

test.each<[string, number[], number[]]>([
  ['words without times are kept once', [1000, 7, ...repeat([1, 2, 3], 10)], [1000, 7, 1, 2, 3]],
  ['a loop that is cut off in the middle too', [1000, ...repeat([1, 2, 3], 10), 1, 2], [1000, 1, 2, 3]],
  ['one token over and over', [1000, 5, ...repeat([9], 30)], [1000, 5, 9]],
  [
    'segments with times of their own are kept once, and closed',
    [1000, 8, 1010, ...Array.from({ length: 10 }, (_, i) => [1010 + i, 1, 2, 3, 1011 + i]).flat()],
    [1000, 8, 1010, 1010, 1, 2, 3, 1011],
  ],
])('%s', (_, tokens, expected) => {
  expect(collapseLoop(tokens, timestampBegin)).toEqual(expected);
});

test.each<[string, number[]]>([
  ['three times', [1000, ...repeat([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)]],
  ['few words', [1000, ...repeat([1, 2], 6)]],
  ['a loop that ends before the text does', [1000, ...repeat([1, 2, 3], 10), 4, 5, 6]],
  ['nothing', []],
])('%s is no loop', (_, tokens) => {
  expect(collapseLoop(tokens, timestampBegin)).toBe(tokens);
});

test('a text before a loop survives whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 50 }),
      fc.uniqueArray(fc.integer({ min: 500, max: 900 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 24, max: 40 }),
      (before, phrase, count) => {
        const tokens = [1000, ...before, ...repeat(phrase, count)];
        expect(collapseLoop(tokens, timestampBegin)).toEqual([1000, ...before, ...phrase]);
      },
    ),
  );
});

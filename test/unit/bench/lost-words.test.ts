import { expect, test } from '@jest/globals';
import { lostWords } from '../../../bench/joined-readings/lost-words.ts';

const said = 'The more proposals, the more credit. I tried it and liked it. Let me see, how can I begin?';

test('a sentence that is not written is lost', () => {
  const written = 'The more proposals, the more credit. Let me see: how can I begin?';
  expect(lostWords({ said, written })).toEqual([
    { words: ['i', 'tried', 'it', 'and', 'liked', 'it'], before: 'the more credit' },
  ]);
});

test('the end and the beginning are lost like the middle', () => {
  const written = 'I tried it and liked it.';
  expect(lostWords({ said, written }).map(({ words }) => words.length)).toEqual([6, 7]);
});

test('a word that is written wrong does not divide what is lost', () => {
  const written = 'The more proposals, the more credit. Pie. Let me see, how can I begin?';
  expect(lostWords({ said, written }).map(({ words }) => words.length)).toEqual([6]);
});

test('words that are changed, and three that are missing, are errors like others', () => {
  const written = 'The mere purposes, the move greatest. I tried it. Let me see, how can I begin?';
  expect(lostWords({ said, written })).toEqual([]);
});

import { expect, test } from '@jest/globals';
import { createStableWords } from '../../../bench/live/stable-words.ts';

const final = ['There’s', 'iron,', 'they', 'say'].map((word, i) => ({ word, start: i, end: i + 1, probability: 1 }));

test('a word that was settled stays, and counts when the final text does not say it', () => {
  const words = createStableWords();
  words.add('They', 1.5);
  words.add("There's iron", 2.5);
  words.add("There's iron they", 4);
  expect(words.judge(final)).toEqual({ words: 3, contradicted: 1, lagSeconds: [0.5, 0.5, 1] });
});

test('case, signs and words that nobody has settled yet make no difference', () => {
  const words = createStableWords();
  words.add('THERE’S: iron', 3);
  expect(words.judge(final)).toMatchObject({ words: 2, contradicted: 0 });
});

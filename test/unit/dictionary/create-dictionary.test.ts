import { expect, test } from '@jest/globals';
import { createDictionary } from '../../../daemon/src/dictionary/create-dictionary.ts';
import type { DictionaryEntry } from '../../../daemon/src/protocol/words.ts';

const vowels = [...'aeiou'];

/** Words that all sound alike: `t` with six vowels. */
function alike(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => {
    const letters = Array.from({ length: 6 }, (__, place) => vowels[Math.floor(number / 5 ** place) % 5]);
    return `t${letters.join('')}`;
  });
}

test('of words that sound alike a text is compared with some, however many there are', () => {
  const entries = alike(5_000).map((word): DictionaryEntry => ({ word, soundsLike: ['thee', 'thea', 'thee'] }));
  const near = createDictionary(entries).findNear('the', 'en');
  expect(near.length).toBeGreaterThan(0);
  expect(near.length).toBeLessThanOrEqual(200);
});

test('one that is written as it is in the list is found, however many sound like it', () => {
  const words = alike(5_000);
  const last = words.at(-1) as string;
  const near = createDictionary(words.map((word) => ({ word }))).findNear(`He said ${last}.`, 'en');
  expect(near.filter(({ isWritten }) => isWritten)).toMatchObject([{ entry: { word: last }, spelled: 1, start: 8 }]);
});

test('what is looked for again has its own place in the text, and its own language', () => {
  const dictionary = createDictionary([{ word: 'Kasia', language: 'pl' }]);
  const places = (text: string, language: string) => dictionary.findNear(text, language).map(({ start }) => start);
  expect(places('Kasia', 'pl')).toEqual([0]);
  expect(places('Kasia', 'en')).toEqual([]);
  expect(places('To Kasia', 'pl')).toContain(3);
});

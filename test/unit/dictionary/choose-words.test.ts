import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseWords } from '../../../daemon/src/dictionary/choose-words.ts';
import { createDictionary } from '../../../daemon/src/dictionary/create-dictionary.ts';
import type { DictionaryEntry } from '../../../daemon/src/protocol/words.ts';

const ordinary = new Set('we are now here in the lap of a steel heart and see what is said at'.split(' '));

function chosen(text: string, entries: readonly (string | DictionaryEntry)[], language = 'en'): readonly string[] {
  const dictionary = createDictionary(entries.map((each) => (typeof each === 'string' ? { word: each } : each)));
  return chooseWords(text, { dictionary, language, isOrdinary: ({ letters }) => ordinary.has(letters) }).map(
    ({ word }) => word,
  );
}

test.each([
  ['what sounds the same', ' she took puddle into her lap', ['Puttel'], ['Puttel']],
  ['what is nearly the same', ' at Houston', ['Helstone', 'Wentworth'], ['Helstone']],
  ['words that are one together', ' in cuber netties', ['Kubernetes'], ['Kubernetes']],
  ['how it sounds', ' in cube control', [{ word: 'kubectl', soundsLike: ['cube control'] }], ['kubectl']],
  ['what sounds nearly as that', ' in cube controls', [{ word: 'kubectl', soundsLike: ['cube control'] }], ['kubectl']],
  ['the likeliest first', ' Schoffer at Mainz', ['Maintz', 'Schoeffer'], ['Schoeffer', 'Maintz']],
  ['names in Japanese by their spelling', ' クバネティスを使う', ['クバネテス'], ['クバネテス']],
  ['names in Chinese by their spelling', '他叫王小明明。', ['王小明月'], ['王小明月']],
  ['names in Russian by their spelling', ' товарищ Щербоков', ['Щербаков'], ['Щербаков']],
  ['names in Korean by their letters', ' 김서준 씨', ['김서진'], ['김서진']],
])('%s is a reason to choose a word', (_, text, entries, expected) => {
  expect(chosen(text, entries)).toEqual(expected);
});

test.each([
  ['nothing is near', ' we are now here', ['Kubernetes', 'Tilney']],
  ['it is written already', ' Kubernetes in cuber netties', ['Kubernetes']],
  ['another word of the dictionary is right there', ' at Houston', ['Houston', 'Helstone']],
  ['only ordinary words are a little like it', ' what is said at heart', ['Hurde', 'Stile']],
  ['numbers differ', ' GPT 5 in 1455', ['GPT-4', '1445']],
  ['it is for another language', ' in cuber netties', [{ word: 'Kubernetes', language: 'de' }]],
  ['there is no text', '', ['Kubernetes']],
])('no word is chosen where %s', (_, text, entries) => {
  expect(chosen(text, entries)).toEqual([]);
});

test('a few words are chosen of many', () => {
  const alike = Array.from(
    { length: 30 },
    (_, index) => `Helst${'aeiou'[index % 5]}n${'aeiouy'[Math.floor(index / 5) % 6]}`,
  );
  expect(chosen(' at Helston', alike)).toHaveLength(6);
});

test('any text and any list are taken', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(word, { maxLength: 8 }), (text, words) => {
      expect(chosen(text, words).every((each) => words.includes(each))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

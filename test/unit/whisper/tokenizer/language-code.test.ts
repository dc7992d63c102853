import { expect, test } from '@jest/globals';
import { languageCode } from '../../../../daemon/src/whisper/tokenizer/language-code.ts';
import { tokenizerOracle as oracle } from './tokenizer-oracle.ts';

test('every English name and alias that openai-whisper knows gives its code', () => {
  const names = Object.keys(oracle.languageCodes);
  expect(Object.fromEntries(names.map((name) => [name, languageCode(name)]))).toEqual(oracle.languageCodes);
});

test('a code, and a name in any case, gives the code', () => {
  expect(['de', 'YUE', ' German ', 'Haitian Creole'].map(languageCode)).toEqual(['de', 'yue', 'de', 'ht']);
});

test('what is no language gives none, not even the name of a property that every object has', () => {
  expect(['klingon', '', 'constructor', '__proto__'].map(languageCode)).toEqual(Array(4).fill(undefined));
});

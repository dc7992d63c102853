import { expect, test } from '@jest/globals';
import { shorten } from '../../../daemon/src/errors/shorten.ts';
import { languages } from '../../../daemon/src/languages/languages.ts';
import { nameOf, readLanguage } from '../../../daemon/src/languages/read-language.ts';
import { tokenizerOracle as oracle } from '../whisper/tokenizer/tokenizer-oracle.ts';

test('every code, English name and alias that openai-whisper knows gives its code', () => {
  const names = Object.keys(oracle.languageCodes);
  expect(Object.fromEntries(names.map((name) => [name, readLanguage(name)]))).toEqual(oracle.languageCodes);
  expect(languages.map(([code]) => readLanguage(code))).toEqual(languages.map(([code]) => code));
});

test.each([
  [
    'en',
    ['en-US', 'en_US.UTF-8', 'en_GB.ISO8859-1@euro', 'EN', 'eng', 'en-US-u-ca-gregory', 'English (United States)'],
  ],
  ['pt', ['pt-BR', 'pt_PT', 'por', 'Português', 'portugues', 'Brazilian Portuguese']],
  ['zh', ['zh-TW', 'zh-Hans', 'zh-Hant-HK', 'zh_CN', 'cmn', 'zh-cmn-Hans-CN', 'chi', 'zho', '中文', '中文（简体）']],
  ['zh', ['Chinese (Simplified)', 'Chinese Simplified', 'Simplified Chinese', 'Chinese, Traditional', 'mandarin']],
  ['zh', ['普通话', '國語', '漢語']],
  ['yue', ['yue', 'zh-yue', 'yue-HK', 'YUE', 'Cantonese', '粵語', '廣東話', '广东话']],
  [
    'de',
    [
      'de_AT',
      'deu',
      'ger',
      'Deutsch',
      ' German ',
      'deutsch',
      'Swiss German',
      'gsw',
      'Schweizerdeutsch',
      'Österreichisches Deutsch',
    ],
  ],
  ['he', ['iw', 'he-IL', 'heb', 'עברית']],
  ['ar', ['ar-EG', 'arb', 'arz', 'ary', 'apc', 'العربية']],
  ['jw', ['jv', 'jw', 'jav', 'jv-ID', 'Javanese', 'Jawa']],
  ['ro', ['mo', 'ro-MD', 'ron', 'rum', 'Moldavian', 'română']],
  ['no', ['nb', 'nb-NO', 'no', 'nob', 'nor', 'Norwegian Bokmål', 'norsk bokmål', 'Bokmål', 'norsk']],
  ['nn', ['nn', 'nn_NO', 'nno', 'Norwegian Nynorsk', 'Nynorsk']],
  ['tl', ['fil', 'fil-PH', 'tl', 'tgl', 'Filipino', 'Tagalog']],
  ['id', ['in', 'id-ID', 'ind', 'Indonesia']],
  ['yi', ['ji', 'yi', 'yid']],
  ['fa', ['pes', 'prs', 'fa-AF', 'per', 'فارسی', 'Farsi']],
  ['ht', ['hat', 'Haitian Creole', 'haitian-creole', 'Haitian', 'kreyòl', 'Kreyòl ayisyen']],
  ['my', ['bur', 'mya', 'Burmese', 'Myanmar']],
  ['mi', ['mao', 'Māori', 'Maori']],
  ['es', ['es-419', 'spa', 'Español', 'Latin American Spanish', 'castilian', 'castellano']],
  ['sr', ['sr-Latn-RS', 'sh', 'srp', 'sr_RS@latin', 'srpski', 'српски']],
  ['haw', ['haw-US', 'ʻŌlelo Hawaiʻi', 'olelo hawaii']],
])('%s is understood as %p', (code, spellings) => {
  expect(Object.fromEntries(spellings.map((each) => [each, readLanguage(each)]))).toEqual(
    Object.fromEntries(spellings.map((each) => [each, code])),
  );
});

test.each([
  ...['', ' ', 'auto', 'Auto', 'und', 'mul', 'C', 'C.UTF-8', 'POSIX', 'detect'],
  // As other services and other languages' missing values have it.
  ...['multi', 'None', 'null', 'undefined'],
])('%p has it detected', (text) => {
  expect(readLanguage(text)).toBeUndefined();
});

test.each([
  ['germna', 'Did you mean German (de)?'],
  ['Portugese', 'Did you mean Portuguese (pt)?'],
  ['jp', 'Did you mean Japanese (ja)?'],
  ['cz', 'Did you mean Czech (cs)?'],
  ['de,en', 'Of several, `languages` lets detection choose one.'],
  ['qq', 'Leave it out to have the language detected.'],
  ['klingon', 'Leave it out to have the language detected.'],
  ['tlh', 'Leave it out to have the language detected.'],
  ['constructor', 'Leave it out to have the language detected.'],
  ['__proto__', 'Leave it out to have the language detected.'],
  ['x'.repeat(10_000), 'Leave it out to have the language detected.'],
])('%p is refused with the nearest suggestions and no list of 99 codes', (given, hint) => {
  expect(() => readLanguage(given)).toThrow(
    expect.objectContaining({
      ...{ code: 'OPTION_INVALID', hint },
      message: `Expected a language, such as de or German, got ${shorten(given)}.`,
    }),
  );
});

test('a language is named as people write it', () => {
  expect(['de', 'ht', 'yue'].map(nameOf)).toEqual(['German', 'Haitian Creole', 'Cantonese']);
});

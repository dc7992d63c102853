import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { tokenizerOracle as oracle } from './tokenizer-oracle.ts';

const files = {
  'english-only': readFileSync(new URL('../../../../assets/tokenizer/gpt2.tiktoken', import.meta.url)),
  multilingual: readFileSync(new URL('../../../../assets/tokenizer/multilingual.tiktoken', import.meta.url)),
};
const vocabularies = {
  'english-only': createVocabulary(files['english-only'], oracle.shapes['english-only'].vocabularySize),
  v2: createVocabulary(files.multilingual, oracle.shapes.v2.vocabularySize),
  v3: createVocabulary(files.multilingual, oracle.shapes.v3.vocabularySize),
};
const multilingual = vocabularies.v2;

describe.each(['english-only', 'v2', 'v3'] as const)('the %s vocabulary', (name) => {
  const vocabulary = vocabularies[name];
  const expected = oracle.shapes[name];

  test('has its special tokens where openai-whisper has them', () => {
    expect(vocabulary.special).toEqual(expected.special);
    expect(vocabulary.multilingual).toBe(name !== 'english-only');
  });

  test('suppresses the tokens of symbols that nobody says', () => {
    expect(vocabulary.nonSpeechTokens).toEqual(expected.nonSpeechTokens);
  });

  test('starts a translation from German with the tokens that openai-whisper starts with', () => {
    const tokenizer = createTokenizer(vocabulary, { language: 'de', task: 'translate' });
    expect(tokenizer.sotSequence).toEqual(expected.sotSequence);
  });

  test('leaves timestamps out of text and can write them into it', () => {
    expect(vocabulary.decode(expected.mixed.tokens)).toBe(expected.mixed.decoded);
    expect(vocabulary.decodeWithTimestamps(expected.mixed.tokens)).toBe(expected.mixed.withTimestamps);
  });

  test('encodes text of many scripts to the ids of openai-whisper', () => {
    const ids = oracle[name === 'english-only' ? 'english-only' : 'multilingual'];
    expect(oracle.texts.map((text) => vocabulary.encode(text))).toEqual(ids);
  });
});

test('tokens that cut a character decode to replacement characters, as they do in Python', () => {
  expect(oracle.fragments.map(({ tokens }) => multilingual.decode(tokens))).toEqual(
    oracle.fragments.map(({ text }) => text),
  );
});

test('whatever is encoded decodes to the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(multilingual.decode(multilingual.encode(text))).toBe(text);
    }),
  );
});

test('every text is encoded to text tokens only, even one that spells a special token', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('<|endoftext|>', '<|startoftranscript|>', '<|0.00|>'), (text, special) => {
      const tokens = multilingual.encode(text + special);
      expect(tokens.every((token) => token < multilingual.special.endOfText)).toBe(true);
    }),
  );
});

test('a text of one endless word is encoded too', () => {
  const text = 'ab'.repeat(10_000);
  expect(multilingual.decode(multilingual.encode(text))).toBe(text);
});

test.each([
  ['a truncated file', files.multilingual.subarray(0, 400_000)],
  ['a file of another vocabulary', files['english-only']],
  ['a file that is no vocabulary', new TextEncoder().encode('{"version": 1}\n<html> 3\n')],
  ['an empty file', new Uint8Array()],
])('%s is refused as an invalid model', (_, file) => {
  expect(() => createVocabulary(file, 51865)).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(/^Expected .+, got .+\.$/) }),
  );
});

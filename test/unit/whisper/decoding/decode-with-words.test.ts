import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createDictionary } from '../../../../daemon/src/dictionary/create-dictionary.ts';
import { assetsFolder } from '../../../../daemon/src/models/embedded-assets.ts';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import { decodeWithWords } from '../../../../daemon/src/whisper/decoding/decode-with-words.ts';
import type { DecodingResult } from '../../../../daemon/src/whisper/decoding/decoding-result.ts';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';

const vocabulary = createVocabulary(readFileSync(join(assetsFolder, 'tokenizer', 'multilingual.tiktoken')), 51_865);
const tokenizer = createTokenizer(vocabulary, { language: 'en', task: 'transcribe' });
const options = resolveOptions({});
const dictionary = createDictionary([{ word: 'Helstone' }, { word: 'Kubernetes' }, { word: 'Tilney', language: 'de' }]);

function said(text: string, facts: Partial<DecodingResult> = {}): DecodingResult {
  const sure = { avgLogprob: -0.4, noSpeechProb: 0.01, temperature: 0, compressionRatio: 1.1 };
  return { tokens: tokenizer.encode(text), text: text.trim(), ...sure, ...facts };
}

async function heard(unled: DecodingResult, led: DecodingResult) {
  const asked: string[] = [];
  const result = await decodeWithWords(unled, {
    dictionary,
    options,
    tokenizer,
    async decodeAgain(tokens, draft) {
      asked.push(tokenizer.decode(tokens));
      expect(draft).toEqual(unled.tokens);
      return led;
    },
  });
  return { text: tokenizer.decode(result.tokens), result, asked };
}

const first = said(' Being shopping at Houston...');

test('a window that has something near a word is decoded again with it, and only the word is taken over', async () => {
  const { text, result, asked } = await heard(first, said(' Being shoppy at Helstone.'));
  expect(asked).toEqual([' Helstone.']);
  expect(text).toBe(' Being shopping at Helstone...');
  expect(result).toEqual({ ...first, tokens: result.tokens, text: text.trim() });
});

test.each([
  ['says nothing else', said(' Being shopping at Houston...')],
  ['is less likely', said(' Being shopping at Helstone.', { avgLogprob: -0.6 })],
  ['is too unlikely', said(' Being shopping at Helstone.', { avgLogprob: -1.2 })],
  ['repeats itself', said(' Being shopping at Helstone.', { compressionRatio: 3 })],
  ['is the list and nothing else', said(' Helstone, Kubernetes.')],
  ['writes a word where nobody said it', said(' Kubernetes Helstone being shopping at Houston')],
])('the text without words is kept where the other %s', async (_, led) => {
  expect((await heard(first, led)).result).toBe(first);
});

test.each([
  ['has nothing near', said(' And so my fellow Americans')],
  ['was doubtful', said(' Being shopping at Houston...', { temperature: 0.2 })],
  ['is unlikely', said(' Being shopping at Houston...', { avgLogprob: -1.1 })],
  ['is silence', said(' Houston', { avgLogprob: -1.5, noSpeechProb: 0.9 })],
  ['says nothing', said('')],
  ['is in another language than the word', said(' Fräulein Tillney')],
])('a window that %s is not decoded again', async (_, unled) => {
  const { result, asked } = await heard(unled, said(' Helstone Tilney'));
  expect([result, asked]).toEqual([unled, []]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { splitToWords } from '../../../../daemon/src/whisper/words/split-to-words.ts';
import { wordsOracle } from './words-oracle.ts';

const file = readFileSync(new URL('../../../../assets/tokenizer/multilingual.tiktoken', import.meta.url));
const vocabulary = createVocabulary(file, 51865);

test.each(wordsOracle.splits)('$words are the words of openai/whisper', ({ language, tokens, words, wordTokens }) => {
  const tokenizer = createTokenizer(vocabulary, { language, task: 'transcribe' });
  const { endOfText } = tokenizer.special;
  const { decodeWithTimestamps } = tokenizer;
  const split = splitToWords([...tokens, endOfText], { language, endOfText, decodeWithTimestamps });
  expect(split.map(({ word }) => word)).toEqual(words);
  expect(split.map((each) => each.tokens)).toEqual(wordTokens);
});

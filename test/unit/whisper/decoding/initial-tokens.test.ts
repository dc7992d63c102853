import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { initialTokens } from '../../../../daemon/src/whisper/decoding/initial-tokens.ts';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';

const file = readFileSync(new URL('../../../../assets/tokenizer/multilingual.tiktoken', import.meta.url));
const tokenizer = createTokenizer(createVocabulary(file, 51865), { language: 'de', task: 'transcribe' });
const { special, sotSequence } = tokenizer;
const base = { tokenizer, textContext: 448, previousTokens: [], prefix: '', withoutTimestamps: false };

test('a window without previous text starts with the start of transcript', () => {
  expect(initialTokens(base)).toEqual({ tokens: sotSequence, sotIndex: 0 });
});

test('of the previous text the last 223 tokens are kept', () => {
  const previousTokens = Array.from({ length: 300 }, (_, token) => token);
  const { tokens, sotIndex } = initialTokens({ ...base, previousTokens });
  expect(tokens).toEqual([special.startOfPrevious, ...previousTokens.slice(77), ...sotSequence]);
  expect(tokens[sotIndex]).toBe(special.startOfTranscript);
});

test('the request to leave out timestamps comes before the prefix', () => {
  const { tokens } = initialTokens({ ...base, withoutTimestamps: true, prefix: ' Also ' });
  expect(tokens).toEqual([...sotSequence, special.noTimestamps, ...tokenizer.encode(' Also')]);
});

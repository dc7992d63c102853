import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { assetsFolder } from '../../../../daemon/src/models/embedded-assets.ts';
import { replaceInTokens } from '../../../../daemon/src/whisper/decoding/replace-in-tokens.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';

const vocabulary = createVocabulary(readFileSync(join(assetsFolder, 'tokenizer', 'multilingual.tiktoken')), 51_865);
const tokenizer = { ...vocabulary, language: 'en', sotSequence: [] };
const timestamp = (seconds: number) => vocabulary.special.timestampBegin + Math.round(seconds / 0.02);

function replaced(tokens: readonly number[], ...changes: readonly (readonly [string, string])[]): string {
  const text = vocabulary.decode(tokens);
  const places = changes.map(([said, word]) => {
    const start = text.indexOf(said);
    return { start, end: start + said.length, word };
  });
  return vocabulary.decodeWithTimestamps(replaceInTokens(tokens, places, tokenizer));
}

test('words are replaced, and timestamps and signs stay', () => {
  const tokens = [
    ...[timestamp(0), ...vocabulary.encode(' You are at Houston...'), timestamp(2)],
    ...[timestamp(2.5), ...vocabulary.encode(' Said Chather in the morning.'), timestamp(4)],
  ];
  expect(replaced(tokens, ['Houston', 'Helstone'], ['Chather in', 'Catherine'])).toBe(
    '<|0.00|> You are at Helstone...<|2.00|><|2.50|> Said Catherine the morning.<|4.00|>',
  );
});

test('letters of several tokens are never cut', () => {
  const tokens = vocabulary.encode(' 他叫龘龘。 Ünïcödé 🫖🫖 Houston');
  expect(replaced(tokens, ['Houston', 'Zürich']).endsWith(' Ünïcödé 🫖🫖 Zürich')).toBe(true);
  expect(replaced(tokens, ['龘龘', '王小明'])).toBe(' 他叫王小明。 Ünïcödé 🫖🫖 Houston');
});

test('a part of a token takes the whole of it along', () => {
  expect(replaced(vocabulary.encode('Houstonian'), ['Houston', 'Helstone'])).toBe('Helstoneian');
});

test('words with a timestamp between them stay', () => {
  const tokens = [...vocabulary.encode(' said Cooper'), timestamp(1), timestamp(1), ...vocabulary.encode(' Netties')];
  expect(replaceInTokens(tokens, [{ start: 6, end: 20, word: 'Kubernetes' }], tokenizer)).toEqual(tokens);
});

test('without a change the tokens are the same', () => {
  const tokens = vocabulary.encode(' You are at Houston...');
  expect(replaceInTokens(tokens, [], tokenizer)).toEqual(tokens);
});

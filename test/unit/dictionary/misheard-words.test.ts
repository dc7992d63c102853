import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createDictionary } from '../../../daemon/src/dictionary/create-dictionary.ts';
import { findMisheard } from '../../../daemon/src/dictionary/misheard-words.ts';
import { createOrdinaryWords } from '../../../daemon/src/dictionary/ordinary-words.ts';
import { assetsFolder } from '../../../daemon/src/models/embedded-assets.ts';

const isOrdinary = createOrdinaryWords(readFileSync(join(assetsFolder, 'tokenizer', 'multilingual.tiktoken'), 'utf8'));

/** The text with what is found in it. */
function corrected(text: string, words: readonly string[], language = 'en'): string {
  const dictionary = createDictionary(words.map((word) => ({ word })));
  let written = text;
  for (const { start, end, word } of findMisheard(text, { dictionary, language, isOrdinary }).toReversed()) {
    written = written.slice(0, start) + word + written.slice(end);
  }
  return written;
}

test.each([
  ['a name with a letter too many', ' Miss Tillney today?', ['Tilney'], ' Miss Tilney today?'],
  ['a name that belongs to somebody', " Miss Tillney's gown", ['Tilney'], " Miss Tilney's gown"],
  ['a name that was cut in two', ' We run Kuber Netes here.', ['Kubernetes'], ' We run Kubernetes here.'],
  ['a name with other accents', ' Herr Schroeder kommt.', ['Schröder'], ' Herr Schröder kommt.'],
  ['a name without its capitals', ' the comfyui folder', ['ComfyUI'], ' the ComfyUI folder'],
  ['a name with a space within it', ' the Comfy UI folder', ['ComfyUI'], ' the ComfyUI folder'],
  ['a name of ordinary words with capitals within it', ' look at git hub', ['GitHub'], ' look at GitHub'],
  ['a name with a digit', ' the GPT 4 model', ['GPT-4'], ' the GPT-4 model'],
  ['two names', ' by Peter Schoffer at Guttenberg', ['Schoeffer', 'Gutenberg'], ' by Peter Schoeffer at Gutenberg'],
])('%s is written as it should be', (_, text, words, expected) => {
  expect(corrected(text, words)).toBe(expected);
});

test.each([
  ['an ordinary word that sounds the same', ' a hailstone fell', ['Helstone']],
  ['an ordinary word that is spelled the same', ' it may rain, she said, a bill of rights', ['May', 'Bill']],
  ['ordinary words that are one together', ' we are now here', ['Nowhere']],
  ['a letter before a word', ' I pad my shoes', ['iPad']],
  ['a word within another', ' the hearthstone and the tilneyesque', ['Hearth', 'Tilney']],
  ['other forms of a word', ' two kubelets, alcune canzoni', ['kubelet', 'alcuni', 'canzone']],
  ['other numbers', ' GPT 5, B2B, 1455', ['GPT-4', 'B2C', '1445']],
  ['short words', ' a cat sat on Leo', ['Kat', 'Lea', 'Lee']],
  ['the word itself', ' Tilney and kubectl', ['Tilney', 'kubectl']],
  ['another word of the dictionary', ' Miss Tillney', ['Tilney', 'Tillney']],
  ['words of two sentences', ' It was cooper. Netties came.', ['Cooper-Netties']],
  [
    'ordinary words that sound as a name',
    ' a cooper netted us. The problem is mail, as if.',
    ['Kubernetes', 'Ismail', 'Asif'],
  ],
  ['a contraction', " I don't", ['Dawn', 'Donte']],
  ['words that sound alike and are spelled otherwise', ' put puddle into her lap', ['Puttel']],
  ['names in another script', ' 高橋さんが来た。 Щербакова ушла', ['高梨', 'Щербаков']],
  ['nothing', '', ['Tilney']],
  ['signs', ' … — 100 % !', ['Tilney', '%']],
])('%s is left as it is', (_, text, words) => {
  expect(corrected(text, words)).toBe(text);
});

test('a word of one language is not looked for in another', () => {
  const dictionary = createDictionary([{ word: 'Tilney', language: 'en' }]);
  expect(findMisheard(' Miss Tillney', { dictionary, language: 'de', isOrdinary })).toEqual([]);
  expect(findMisheard(' Miss Tillney', { dictionary, language: 'en', isOrdinary })).toHaveLength(1);
});

describe('what is ordinary', () => {
  const ordinary = (text: string) => isOrdinary({ text, letters: text, start: 0, end: text.length });

  test.each(['hail', 'hailstone', 'wizards', 'bookshop', 'время'])('%s is', (word) => {
    expect(ordinary(word)).toBe(true);
  });

  test.each(['tilney', 'shoffer', 'kubernetties', 'puttel'])('%s is not', (word) => {
    expect(ordinary(word)).toBe(false);
  });
});

import { expect, test } from '@jest/globals';
import { nameCorrector } from '../../../daemon/src/clean-up/correct-names.ts';
import { prepareCleanUp } from '../../../daemon/src/clean-up/create-clean-up.ts';
import type { Segment } from '../../../daemon/src/protocol/transcript.ts';
import type { DictionaryEntry, Replacement } from '../../../daemon/src/protocol/words.ts';

const none = { replaceWords: false, spokenPunctuation: false, dropFillers: false, capitalStart: false };
const ordinary = new Set('we run it and so do you in the cloud may say'.split(' '));

function cleaned(
  text: string,
  entries: readonly DictionaryEntry[],
  {
    parts = none,
    language = 'en',
    replacements = [] as readonly Replacement[],
    words = undefined as Segment['words'],
  } = {},
): Segment {
  const corrector = nameCorrector(entries, ({ letters }) => ordinary.has(letters));
  const facts = { id: 0, seek: 0, start: 0, end: 9, tokens: [], temperature: 0, avg_logprob: 0 };
  const segment = { ...facts, compression_ratio: 1, no_speech_prob: 0, text, ...(words !== undefined && { words }) };
  return prepareCleanUp(parts, replacements, corrector)()(segment, language);
}

const kubernetes = { word: 'Kubernetes', soundsLike: ['cooper netties', 'cuban at ease', 'k8'] };

test.each([
  ['two words', ' We run Cooper Netties.', ' We run Kubernetes.'],
  ['three words', ' We run cuban at ease, and so do you.', ' We run Kubernetes, and so do you.'],
  ['a letter and a digit', ' We run K8.', ' We run Kubernetes.'],
  ['words with a hyphen', " cooper-netties' cloud", " Kubernetes' cloud"],
  ['something near', ' We run Kubernettes!', ' We run Kubernetes!'],
])('what is heard in the place of a name is replaced: %s', (_, text, expected) => {
  const { text: written, raw } = cleaned(text, [kubernetes]);
  expect([written, raw]).toEqual([expected, text]);
});

test.each([' We run coopernettiesque.', ' We run the cooper. Netties say so.', ' k80'])(
  '%j is left as it is',
  (text) => {
    expect(cleaned(text, [kubernetes]).text).toBe(text);
  },
);

test('what is listed is replaced in scripts without spaces too', () => {
  const entry = { word: '高梨さん', soundsLike: ['高なし', 'たかなし'] };
  expect(cleaned('昨日高なしが来た。', [entry], { language: 'ja' }).text).toBe('昨日高梨さんが来た。');
});

test('an entry of another language is not used', () => {
  const text = ' We run Cooper Netties and Kubernettes.';
  expect(cleaned(text, [{ ...kubernetes, language: 'de' }]).text).toBe(text);
});

test('a name has the times of the words that it stands for, and signs stay', () => {
  const word = (text: string, start: number) => ({ word: text, start, end: start + 1, probability: 0.9 - start / 10 });
  const words = [word(' We', 0), word(' run', 1), word(' Cooper', 2), word(' Netties,', 3), word(' so', 4)];
  const segment = cleaned(' We run Cooper Netties, so', [kubernetes], { words });
  expect(segment.words?.map(({ word: text, start, end }) => [text, start, end])).toEqual([
    [' We', 0, 1],
    [' run', 1, 2],
    [' Kubernetes,', 2, 4],
    [' so', 4, 5],
  ]);
});

test('what a person replaces goes first, and a capital at the start changes no name', () => {
  const parts = { ...none, replaceWords: true, capitalStart: true };
  const replacements = [{ say: 'cooper netties', write: 'K8s' }];
  expect(cleaned(' cooper netties', [kubernetes], { parts, replacements }).text).toBe(' K8s');
  expect(cleaned(' cube control', [{ word: 'kubectl', soundsLike: ['cube control'] }], { parts }).text).toBe(
    ' kubectl',
  );
});

test('a text without names is the same to the letter', () => {
  const text = '  So do you ,  …  in the   cloud — (may) ';
  expect(cleaned(text, [kubernetes])).toMatchObject({ text, raw: text });
});

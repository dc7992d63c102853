import { expect, test } from '@jest/globals';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import { mergePunctuations } from '../../../../daemon/src/whisper/words/merge-punctuations.ts';
import { wordsOracle } from './words-oracle.ts';

const { prependPunctuations, appendPunctuations } = resolveOptions({});

test.each(wordsOracle.placements.map((each, index) => ({ ...each, index })))(
  'alignment $index is merged as by openai/whisper',
  ({ alignment, merged }) => {
    expect(mergePunctuations(alignment, prependPunctuations, appendPunctuations)).toEqual(merged);
  },
);

test('the marks can be others', () => {
  const timing = (word: string) => ({ word, tokens: [1], startSeconds: 0, endSeconds: 1, probability: 1 });
  const words = (prepended: string, appended: string) =>
    mergePunctuations([timing(' ~'), timing(' a'), timing('*')], prepended, appended).map(({ word }) => word);
  expect(words('~', '*')).toEqual(['', ' ~ a*', '']);
  expect(words('', '')).toEqual([' ~', ' a', '*']);
});

import { expect, test } from '@jest/globals';
import { createJobWords, type JobWordLists } from '../../../../daemon/src/server/jobs/job-words.ts';

const lists: JobWordLists = { words: [{ say: 'at sign', write: '@' }], dictionary: [{ word: 'Tilney' }] };

test('a job gets the lists that its options ask for', () => {
  const wordsFor = createJobWords(() => lists);
  expect(wordsFor({})).toEqual({ replacements: [], dictionary: lists.dictionary, correctNames: expect.any(Function) });
  expect(wordsFor({ cleanUp: true }).replacements).toBe(lists.words);
  const none = { replacements: [], dictionary: [], correctNames: null };
  expect(wordsFor({ dictionary: false })).toEqual(none);
  expect(wordsFor({ sequential: true, vad: false })).toEqual(none);
  expect(wordsFor({ sequential: true, vad: false, dictionary: true }).dictionary).toBe(lists.dictionary);
});

test('the lists are not read for a job that wants none of them', () => {
  const wordsFor = createJobWords(() => {
    throw new Error('read');
  });
  expect(wordsFor({ dictionary: false }).dictionary).toEqual([]);
});

test('a dictionary is prepared once, until it is another', () => {
  let current = lists;
  const wordsFor = createJobWords(() => current);
  const first = wordsFor({}).correctNames;
  expect(wordsFor({}).correctNames).toBe(first);
  current = { words: [], dictionary: [{ word: 'Helstone' }] };
  expect(wordsFor({}).correctNames).not.toBe(first);
  current = { words: [], dictionary: [] };
  expect(wordsFor({}).correctNames).toBeNull();
});

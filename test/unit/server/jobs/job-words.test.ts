import { expect, test } from '@jest/globals';
import { createJobWords, type JobWordLists } from '../../../../daemon/src/server/jobs/job-words.ts';

const lists: JobWordLists = { words: [{ say: 'at sign', write: '@' }], dictionary: [{ word: 'Tilney' }] };

test('a job gets the lists that its options ask for', async () => {
  const wordsFor = createJobWords(async () => lists);
  expect(await wordsFor({})).toEqual({
    replacements: [],
    dictionary: lists.dictionary,
    correctNames: expect.any(Function),
  });
  expect((await wordsFor({ cleanUp: true })).replacements).toBe(lists.words);
  const none = { replacements: [], dictionary: [], correctNames: null };
  expect(await wordsFor({ dictionary: false })).toEqual(none);
  expect(await wordsFor({ sequential: true, vad: false })).toEqual(none);
  expect((await wordsFor({ sequential: true, vad: false, dictionary: true })).dictionary).toBe(lists.dictionary);
});

test('the lists are not read for a job that wants none of them', async () => {
  const wordsFor = createJobWords(async () => {
    throw new Error('read');
  });
  expect((await wordsFor({ dictionary: false })).dictionary).toEqual([]);
});

test('a dictionary is prepared once, until it is another', async () => {
  let current = lists;
  const wordsFor = createJobWords(async () => current);
  const first = (await wordsFor({})).correctNames;
  expect((await wordsFor({})).correctNames).toBe(first);
  current = { words: [], dictionary: [{ word: 'Helstone' }] };
  expect((await wordsFor({})).correctNames).not.toBe(first);
  current = { words: [], dictionary: [] };
  expect((await wordsFor({})).correctNames).toBeNull();
});

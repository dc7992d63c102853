import { expect, test } from '@jest/globals';
import { cutToBytes, fileName, fileNames } from '../../../daemon/src/formats/file-name.ts';

test('a short name is left as it is', () => {
  expect(fileName('talk', '.txt')).toBe('talk.txt');
});

test.each([
  ['a'.repeat(300), `${'a'.repeat(251)}.txt`],
  ['日'.repeat(100), `${'日'.repeat(83)}.txt`],
  [`${'a'.repeat(250)}👩‍👩‍👧`, `${'a'.repeat(250)}.txt`],
  [`${'a'.repeat(248)}か\u3099`, `${'a'.repeat(248)}.txt`],
])('%s is cut to 255 bytes between two characters', (stem, expected) => {
  expect(fileName(stem, '.txt')).toBe(expected);
});

test('a cut name does not end in a space', () => {
  expect(cutToBytes('one two', 4)).toBe('one');
});

test('names that are the same for a disk are told apart', () => {
  expect(fileNames(['Café', 'CAFE\u0301', 'café', 'tea'], '.srt')).toEqual([
    'Café.srt',
    'CAFE\u0301 2.srt',
    'café 3.srt',
    'tea.srt',
  ]);
});

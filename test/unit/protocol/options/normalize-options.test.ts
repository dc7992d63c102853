import { expect, test } from '@jest/globals';
import {
  checkClipsAgainstLength,
  normalizeOptions,
} from '../../../../daemon/src/protocol/options/normalize-options.ts';

test('a language arrives as a code, and one to be detected not at all', () => {
  expect(normalizeOptions({ language: 'de_AT.UTF-8', vad: true })).toEqual({ language: 'de', vad: true });
  expect(normalizeOptions({ language: 'auto', vad: true })).toEqual({ vad: true });
  expect(normalizeOptions({ vad: true })).toEqual({ vad: true });
  expect(() => normalizeOptions({ language: 'klingon' })).toThrow('got klingon');
});

test('candidates are looked at too', () => {
  expect(normalizeOptions({ languages: ['de-AT', 'French'] })).toEqual({ languages: ['de', 'fr'] });
  expect(normalizeOptions({ languages: ['pt-BR,zh_TW.UTF-8', 'nb'] })).toEqual({ languages: ['pt', 'zh', 'no'] });
  expect(normalizeOptions({ languages: ['auto'] })).toEqual({});
  expect(() => normalizeOptions({ languages: ['de', 'klingon'] })).toThrow('got klingon');
  expect(() => normalizeOptions({ languages: ['German,klingon'] })).toThrow('got klingon');
});

test.each([[[]], [[0, 5]], [[0]], [[0, 5, 5, 8]], [[1.5, 2, 3]]])(
  'parts %p are taken as they are',
  (clipTimestamps) => {
    expect(normalizeOptions({ clipTimestamps })).toEqual({ clipTimestamps });
  },
);

test.each([
  [[5, 2], 'ends after its start, got 5,2.'],
  [[3, 3], 'ends after its start, got 3,3.'],
  [[0, 0], 'ends after its start, got 0,0.'],
  [[0, 5, 9, 7], 'ends after its start, got 9,7.'],
  [[0, 5, 3, 8], 'got 3,8 after one that ends at 5.'],
  [[4, 8, 2], 'got 2 after one that ends at 8.'],
])('parts %p are refused with the pair', (clipTimestamps, message) => {
  expect(() => normalizeOptions({ clipTimestamps })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
  );
});

test.each([
  [[20, 30], 'got 20,30 in one of 11.0 s.'],
  [[0, 5, 11, 12], 'got 11,12 in one of 11.0 s.'],
  [[11], 'got 11 in one of 11.0 s.'],
  [[1e9], 'got 1000000000 in one of 11.0 s.'],
])('parts %p begin after the end of a recording', (clipTimestamps, message) => {
  expect(() => checkClipsAgainstLength(clipTimestamps, 11)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
  );
});

test('a part may end after the recording', () => {
  expect(() => checkClipsAgainstLength([0, 5, 10.9, 30], 11)).not.toThrow();
});

test.each(['split', 'mix', '1', '64'])('audioChannels=%s is kept', (audioChannels) => {
  expect(normalizeOptions({ audioChannels })).toEqual({ audioChannels });
});

test.each(['0', '-1', 'both', '1.5', '100', 'Split '])('audioChannels=%s is refused', (audioChannels) => {
  expect(() => normalizeOptions({ audioChannels })).toThrow(
    `Expected mix, split or the number of a channel, got ${audioChannels}.`,
  );
});

test('names of speakers need speakers that are told apart', () => {
  const speakerNames = ['caller', 'agent'];
  for (const options of [{ audioChannels: 'split' }, { audioTrack: 'all' }, { audioTrack: '2,3' }]) {
    expect(normalizeOptions({ ...options, speakerNames })).toEqual({ ...options, speakerNames });
  }
  expect(() => normalizeOptions({ audioTrack: '2', speakerNames })).toThrow('told apart beside speakerNames');
});

import { expect, test } from '@jest/globals';
import type { AudioTrack, ConverterReport } from '../../../../daemon/src/converters/converter.ts';
import { convertChosenTrack } from '../../../../daemon/src/engine/audio/choose-track.ts';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';

const german: AudioTrack = { number: 1, language: 'ger', isDefault: false };
const english: AudioTrack = { number: 2, language: 'eng', isDefault: true };
const unnamed: AudioTrack = { number: 3, language: null, isDefault: true };

/** A converter of a film that takes the third track by itself, or one that tells nothing. */
function filmWith(tracks: readonly AudioTrack[], tells = true) {
  const asked: (number | null)[] = [];
  return {
    asked,
    async convert(track: number | null): Promise<ConverterReport> {
      asked.push(track);
      if (track !== null && track > tracks.length) throw new HearthError('AUDIO_EMPTY', 'No such stream.');
      return { tracks: tells ? tracks : [], takenTrack: tells ? (track ?? tracks.length) : null, complaints: [] };
    },
  };
}

test.each([
  [undefined, [german, english, unnamed], 2, [null, 2]],
  [undefined, [german], 1, [null]],
  [undefined, [german, { ...english, isDefault: false }], 1, [null, 1]],
  ['1', [german, english, unnamed], 1, [1]],
  ['de', [german, english, unnamed], 1, [null, 1]],
  ['German', [german, english, unnamed], 1, [null, 1]],
  ['en-GB', [german, english], 2, [null]],
])('of %j the right one is converted, once more only when it has to be', async (wanted, tracks, taken, asked) => {
  const film = filmWith(tracks);
  const chosen = await convertChosenTrack({ wanted, tracksBefore: [], convert: film.convert });
  expect(chosen.taken).toBe(taken);
  expect(film.asked).toEqual(asked);
});

test('a converter that does not tell is asked for the track that the file itself names', async () => {
  const film = filmWith([german, english], false);
  const chosen = await convertChosenTrack({
    wanted: undefined,
    tracksBefore: [german, english],
    convert: film.convert,
  });
  expect(chosen).toMatchObject({ taken: 2, tracks: [german, english] });
  expect(film.asked).toEqual([2]);
});

test.each(['4', 'fr', '0', 'Klingon'])('%s, which is not there, is refused with those that are', async (wanted) => {
  const film = filmWith([german, english, unnamed]);
  await expect(convertChosenTrack({ wanted, tracksBefore: [], convert: film.convert })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: `The recording has no audio track ${wanted}. It has 3: 1 (German), 2 (English), 3.`,
  });
});

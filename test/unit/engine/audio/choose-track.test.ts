import { expect, test } from '@jest/globals';
import type { AudioTrack, ConverterReport } from '../../../../daemon/src/converters/converter.ts';
import { convertChosenTracks } from '../../../../daemon/src/engine/audio/choose-track.ts';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';

const german: AudioTrack = { number: 1, language: 'ger', isDefault: false, title: null, codec: 'aac' };
const english: AudioTrack = { number: 2, language: 'eng', isDefault: true, title: 'Commentary', codec: 'ac3' };
const unnamed: AudioTrack = { number: 3, language: null, isDefault: true, title: null, codec: null };

/** A converter of a film that takes the third track by itself, or one that tells nothing; some tracks are broken. */
function filmWith(tracks: readonly AudioTrack[], { tells = true, broken = [] as readonly number[] } = {}) {
  const asked: (number | null)[] = [];
  const converted: (number | null)[] = [];
  return {
    asked,
    async convert(track: number | null): Promise<ConverterReport> {
      asked.push(track);
      if (track !== null && track > tracks.length) throw new HearthError('AUDIO_EMPTY', 'No such stream.');
      if (track !== null && broken.includes(track)) throw new HearthError('AUDIO_CORRUPT', 'No sound can be read.');
      converted.push(track ?? tracks.length);
      return { tracks: tells ? tracks : [], takenTrack: tells ? (track ?? tracks.length) : null, complaints: [] };
    },
    /** What is opened is what was converted last. */
    open: async () => converted.at(-1),
  };
}

const all = [german, english, unnamed];

test.each([
  [undefined, all, [2], [null, 2]],
  [undefined, [german], [1], [null]],
  [undefined, [german, { ...english, isDefault: false }], [1], [null, 1]],
  ['1', all, [1], [1]],
  ['de', all, [1], [null, 1]],
  ['German', all, [1], [null, 1]],
  ['en-GB', [german, english], [2], [null]],
  ['all', all, [1, 2, 3], [null, 1, 2]],
  ['all', [german], [1], [null]],
  ['3,1', all, [3, 1], [3, 1]],
  ['2, de ,2', all, [2, 1], [2, 1]],
])(
  'of %j the right ones are converted, no track twice but to learn what there is',
  async (wanted, tracks, taken, asked) => {
    const film = filmWith(tracks);
    const chosen = await convertChosenTracks({ wanted, tracksBefore: [], convert: film.convert, open: film.open });
    expect(chosen.taken.map(({ number, opened }) => [number, opened])).toEqual(taken.map((number) => [number, number]));
    expect(film.asked).toEqual(asked);
  },
);

test.each([
  [undefined, [2], [2]],
  ['all', [1, 2], [1, 2]],
])(
  'of %j a converter that does not tell is asked for the tracks that the file itself names',
  async (wanted, taken, asked) => {
    const film = filmWith([german, english], { tells: false });
    const tracksBefore = [german, english];
    const chosen = await convertChosenTracks({ wanted, tracksBefore, convert: film.convert, open: film.open });
    expect(chosen.taken.map(({ number }) => number)).toEqual(taken);
    expect(chosen.tracks).toEqual(tracksBefore);
    expect(film.asked).toEqual(asked);
  },
);

test('of all tracks, those that cannot be read are left out', async () => {
  const film = filmWith(all, { broken: [2] });
  const chosen = await convertChosenTracks({ wanted: 'all', tracksBefore: [], convert: film.convert, open: film.open });
  expect(chosen.taken.map(({ opened }) => opened)).toEqual([1, 3]);
  expect(chosen.unread).toEqual([2]);
});

test.each(['4', 'fr', '0', 'Klingon', '1,4', 'fr,1'])(
  '%s, which is not there, is refused with those that are',
  async (wanted) => {
    const film = filmWith(all);
    const missing = wanted.replace(/,?1,?/, '');
    await expect(
      convertChosenTracks({ wanted, tracksBefore: [], convert: film.convert, open: film.open }),
    ).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: `The recording has no audio track ${missing}. It has 3: 1 (German, aac), 2 (English, "Commentary", ac3), 3.`,
    });
  },
);

test.each(['2', 'en', '1,2'])('%s of a file in which nobody tells of tracks is refused', async (wanted) => {
  const film = filmWith([german], { tells: false });
  await expect(
    convertChosenTracks({ wanted, tracksBefore: [], convert: film.convert, open: film.open }),
  ).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  });
});

import type { NativeAudio } from '@hearth/native';
import { expect, test } from '@jest/globals';
import type { AudioTrack } from '../../../../daemon/src/converters/converter.ts';
import { nameVoices, type OpenTrack } from '../../../../daemon/src/engine/audio/name-voices.ts';

function audioOf(channel: string): NativeAudio {
  return { channel } as NativeAudio;
}

function track(about: Partial<AudioTrack> | null, channels: readonly [string, ...string[]] = ['']): OpenTrack {
  const [first, ...others] = channels;
  return {
    audios: [audioOf(first), ...others.map(audioOf)],
    areApart: channels.length > 1,
    warnings: async () => [],
    track: about === null ? null : { number: 1, language: null, isDefault: false, title: null, codec: null, ...about },
  };
}

const voicesOf = (tracks: readonly [OpenTrack, ...OpenTrack[]], names?: readonly string[]) =>
  nameVoices(tracks, names).sounds.map(({ voice }) => voice);

test('a single sound has no name, whatever was asked for', () => {
  expect(voicesOf([track({ title: 'Microphone' })], ['Ada'])).toEqual([null]);
});

test('channels have the names of their places, or those that were given', () => {
  const call = track(null, ['Left', 'Right']);
  expect(voicesOf([call])).toEqual([
    { speaker: 'Left', channel: 1 },
    { speaker: 'Right', channel: 2 },
  ]);
  expect(voicesOf([call], ['caller']).map((voice) => voice?.speaker)).toEqual(['caller', 'Right']);
  expect(voicesOf([call], ['', ' my\nagent\u0007 ']).map((voice) => voice?.speaker)).toEqual(['Left', 'my agent\\x07']);
});

test('more names than channels are told', async () => {
  expect(await nameVoices([track(null, ['Left', 'Right'])], ['a', 'b', 'c']).warnings()).toEqual([
    '3 names of speakers were given, but 2 channels or tracks are told apart.',
  ]);
});

test.each<[string, Partial<AudioTrack>[], string[]]>([
  ['titles', [{ title: 'Mic' }, { title: 'Desktop', language: 'eng' }], ['Mic', 'Desktop']],
  [
    'a language where titles are the same',
    [
      { title: 'Audio', language: 'ger' },
      { title: 'Audio', language: 'eng' },
    ],
    ['German', 'English'],
  ],
  ['a number where nothing tells them apart', [{ title: 'Audio' }, { title: 'Audio' }], ['Track 1', 'Track 2']],
])('tracks are called by their %s', (_, abouts, expected) => {
  const [first, ...others] = abouts.map((about, index) => track({ ...about, number: index + 1 }));
  expect(voicesOf([first as OpenTrack, ...others])).toEqual(
    expected.map((speaker, index) => ({ speaker, track: index + 1 })),
  );
});

test('channels of one track among several have both names', () => {
  const tracks = [track({ number: 1, title: 'Call' }, ['Left', 'Right']), track({ number: 2 })] as const;
  expect(voicesOf([...tracks])).toEqual([
    { speaker: 'Call, Left', track: 1, channel: 1 },
    { speaker: 'Call, Right', track: 1, channel: 2 },
    { speaker: 'Track 2', track: 2 },
  ]);
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative, type NativeComingAudio } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openChannels as openChannelsOf } from '../../daemon/src/engine/audio/open-channels.ts';
import { buildWavFile } from './audio-wav-file.ts';

const faults = join(import.meta.dirname, '../fixtures/faults');
const native = createNative();
const length = 32_000;

/** Two voices that have nothing in common. */
const voice = Int16Array.from({ length }, (_, index) => Math.round(8000 * Math.sin(index / 7)));
const other = Int16Array.from({ length }, (_, index) => Math.round(3000 * Math.sin(index / 11.3)));
const silence = new Int16Array(length);

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-channels-'));
  path = join(folder, 'recording.wav');
});

afterAll(() => rm(folder, { recursive: true }));

async function openChannels(...channels: Int16Array[]) {
  const data = Int16Array.from({ length: length * channels.length }, (_, index) => {
    const channel = channels[index % channels.length] as Int16Array;
    return channel[Math.floor(index / channels.length)] as number;
  });
  await writeFile(path, buildWavFile({ channels: channels.length, data: Buffer.from(data.buffer) }));
  const audio = await native.openAudio({ path });
  return { samples: audio.samples(0, audio.sampleCount), warnings: audio.warnings, audio };
}

const times = (samples: Int16Array, factor: number) => samples.map((value) => Math.round(value * factor));

describe('channels that cancel each other out', () => {
  test.each<[string, Int16Array[], Int16Array, string]>([
    ['one inverted', [voice, times(voice, -1)], voice, 'Channel 1 of 2'],
    ['one inverted and a little louder', [times(voice, -1), times(voice, 1.03)], times(voice, 1.03), 'Channel 2 of 2'],
    ['one inverted with a silent third', [silence, voice, times(voice, -1)], voice, 'Channel 2 of 3'],
  ])('%s: the loudest is heard alone, and said', async (_, channels, expected, named) => {
    const { samples, warnings } = await openChannels(...channels);
    expect(samples).toEqual(expected);
    expect(warnings).toEqual([
      { code: 'inverted-channels', message: expect.stringContaining(named), atSeconds: null, bytes: null },
    ]);
  });

  test('in an MP3 file, where coding leaves a rest of the mix', async () => {
    const audio = await native.openAudio({ path: join(faults, 'inverted-channel.mp3') });
    expect(audio.warnings).toMatchObject([{ code: 'inverted-channels' }]);
    expect(audio.peakAmplitude).toBeGreaterThan(0.3);
  });
});

test.each<[string, Int16Array[]]>([
  ['the same voice twice', [voice, voice]],
  ['two voices', [voice, other]],
  ['a voice and silence', [voice, silence]],
  ['a voice among fifteen silent channels', [voice, ...Array.from({ length: 15 }, () => silence)]],
  ['a voice and its weaker, inverted echo', [voice, times(voice, -0.5)]],
  ['silence', [silence, silence]],
])('%s are mixed to their mean without a warning', async (_, channels) => {
  const { samples, warnings } = await openChannels(...channels);
  expect(warnings).toEqual([]);
  for (const index of [100, 7777, 31_999]) {
    const mean = channels.reduce((sum, channel) => sum + (channel[index] as number), 0) / channels.length;
    expect(Math.abs((samples[index] as number) - mean)).toBeLessThanOrEqual(0.5);
  }
});

describe('the level of a recording', () => {
  test('is measured around its offset from zero', async () => {
    const { audio } = await openChannels(voice.map((value) => value / 8 + 9830));
    expect(audio.dcOffset).toBeCloseTo(0.3, 3);
    expect(audio.peakAmplitude).toBeCloseTo(1000 / 32_768, 3);
    expect(audio.rmsAmplitude).toBeCloseTo(1000 / 32_768 / Math.SQRT2, 3);
  });

  test('is nothing for silence', async () => {
    const { audio } = await openChannels(silence);
    expect(audio).toMatchObject({ dcOffset: 0, peakAmplitude: 0, rmsAmplitude: 0 });
  });

  test('reaches full scale where a recording is clipped', async () => {
    const { audio } = await openChannels(voice.map((value) => (value > 0 ? 32_767 : -32_768)));
    expect(audio.peakAmplitude).toBeCloseTo(1, 2);
  });
});

/** Writes channels side by side, and opens each alone. */
async function openApart(...channels: Int16Array[]) {
  await openChannels(...channels);
  return { path, audios: await native.openChannels({ path }) };
}

const samplesOf = (audio: NativeComingAudio | undefined) => audio?.samples(0, Number.MAX_SAFE_INTEGER);

describe('channels apart', () => {
  test('each comes with its samples, its level and its name', async () => {
    const { audios } = await openApart(voice, other);
    expect(audios.map(({ channel }) => channel)).toEqual(['Left', 'Right']);
    expect(audios.map(samplesOf)).toEqual([voice, other]);
    expect(audios[1]?.peakAmplitude).toBeCloseTo(3000 / 32_768, 3);
    expect(audios[1]).toMatchObject({ container: 'WAV', sourceChannels: 2, sampleCount: length });
  });

  test('at another rate each is resampled as it would be alone', async () => {
    const rate = (channels: number, data: Int16Array) =>
      buildWavFile({ channels, sampleRateHz: 44_100, data: Buffer.from(data.buffer) });
    const both = Int16Array.from(
      { length: length * 2 },
      (_, index) => (index % 2 === 0 ? voice : other)[index >> 1] ?? 0,
    );
    const readAlone = async (data: Int16Array) => {
      await writeFile(path, rate(1, data));
      return samplesOf(await native.openAudio({ path }));
    };
    const alone = [await readAlone(voice), await readAlone(other)];
    await writeFile(path, rate(2, both));
    expect((await native.openChannels({ path })).map(samplesOf)).toEqual(alone);
  });

  test('an inverted one is as good as the other, and not warned of', async () => {
    const { audios } = await openApart(voice, times(voice, -1));
    expect(audios.map(samplesOf)).toEqual([voice, times(voice, -1)]);
    expect(audios.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test('a recording that goes on with fewer or more channels keeps all times', async () => {
    const part = (...channels: Int16Array[]) => openChannels(...channels).then(() => readFile(path));
    const joined = Buffer.concat([await part(voice), await part(other, voice), await part(voice)]);
    await writeFile(path, joined);
    const audios = await native.openChannels({ path });
    expect(audios.map(samplesOf)).toEqual([
      Int16Array.from([...voice, ...other, ...voice]),
      Int16Array.from([...silence, ...voice, ...silence]),
    ]);
  });

  test('a recording with one channel is one recording', async () => {
    const { audios } = await openApart(voice);
    expect(audios.map(samplesOf)).toEqual([voice]);
  });
});

describe('the option audioChannels', () => {
  const open = (channels: string) => openChannelsOf({ native, path, channels, signal: undefined });

  test('takes one channel', async () => {
    await openApart(voice, other);
    const { audios, areApart } = await open('2');
    expect(audios.map(samplesOf)).toEqual([other]);
    expect(areApart).toBe(false);
  });

  test('refuses one that is not there, with those that are', async () => {
    await openApart(voice, other);
    await expect(open('3')).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: 'The recording has no channel 3. It has 2: 1 (Left), 2 (Right).',
    });
  });

  test.each<[string, Int16Array[], string]>([
    ['one channel', [voice], 'The recording has one channel: nothing is told apart.'],
    [
      'the same sound twice',
      [voice, voice],
      'The 2 channels of the recording are the same sound, which was transcribed once.',
    ],
  ])('tells that there is nothing to split in %s', async (_, channels, warning) => {
    await openApart(...channels);
    const { audios, areApart, warnings } = await open('split');
    expect(audios.map(samplesOf)).toEqual([voice]);
    expect(areApart).toBe(false);
    expect(await warnings()).toEqual([warning]);
  });
});

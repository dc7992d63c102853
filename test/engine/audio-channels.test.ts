import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

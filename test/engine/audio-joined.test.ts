import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const faults = join(import.meta.dirname, '../fixtures/faults');
const native = createNative();

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-joined-'));
  path = join(folder, 'recording');
});

afterAll(() => rm(folder, { recursive: true }));

async function open(file: string | Buffer) {
  if (typeof file !== 'string') await writeFile(path, file);
  const audio = await native.openAudio({ path: typeof file === 'string' ? join(fixtures, file) : path });
  const samples = Buffer.from(audio.samples(0, audio.sampleCount).buffer);
  return { samples, warnings: audio.warnings, container: audio.container, seconds: audio.durationSeconds };
}

function bytesOf(file: string): Promise<Buffer> {
  return readFile(join(fixtures, file));
}

const id3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x08\0'), Buffer.alloc(1024, 0x41)]);
const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 0x41)]);

test.each([
  ['WAV', ['brooklyn_pcm24.wav', 'brooklyn_pcm24.wav']],
  [
    'WAV of other rates, channels and encodings',
    ['sr_mono8bit.wav', 'brooklyn_alaw.wav', 'fasterwhisper_stereo_diarization.wav'],
  ],
  ['AIFF', ['brooklyn.aiff', 'brooklyn.aiff', 'brooklyn.aiff']],
  ['CAF', ['brooklyn.caf', 'brooklyn.caf']],
  ['AU', ['brooklyn_mulaw.au', 'brooklyn_mulaw.au']],
  ['FLAC', ['google_brooklyn.flac', 'sr_stereo24.flac']],
  ['Ogg Vorbis', ['librispeech_198-209-0000.ogg', 'music_prelude.ogg']],
  [
    'Ogg Opus and Vorbis of other rates',
    ['mfa_13697_11991_000000.opus', 'librispeech_198-209-0000.ogg', 'watson_weather.ogg'],
  ],
  ['MP3', ['jfk.mp3', 'jfk.mp3']],
  ['MP3 of other rates', ['jfk.mp3', 'fasterwhisper_hotwords.mp3', 'msft_weather.mp3']],
  ['WAV and FLAC', ['brooklyn_pcm24.wav', 'google_brooklyn.flac']],
  ['FLAC and WAV', ['google_brooklyn.flac', 'brooklyn_pcm24.wav']],
  ['MP3 and AIFF', ['jfk.mp3', 'brooklyn.aiff']],
  ['Ogg and WAV', ['music_prelude.ogg', 'brooklyn_pcm24.wav']],
])('joined %s is the one recording after the other, sample for sample', async (_, files) => {
  const parts = await Promise.all(files.map((file) => open(file)));
  const joined = await open(Buffer.concat(await Promise.all(files.map(bytesOf))));
  expect(joined.warnings).toEqual([]);
  expect(joined.samples.equals(Buffer.concat(parts.map(({ samples }) => samples)))).toBe(true);
  expect(joined.container).toBe(parts[0]?.container);
});

test('a chained Opus stream is read to its last link', async () => {
  const audio = await native.openAudio({ path: join(faults, 'chained-opus.opus') });
  expect(audio.durationSeconds).toBeCloseTo(22, 1);
  expect(audio.warnings).toEqual([]);
  const loudness = [5, 16].map((second) => Math.max(...audio.samples(second * 16_000, 32_000)));
  expect(Math.min(...loudness)).toBeGreaterThan(3000);
});

test.each([
  ['ID3 tags', id3],
  ['ID3v1 tags', id3v1],
  ['both', Buffer.concat([id3v1, id3])],
  ['zeros', Buffer.alloc(500)],
])('%s between joined recordings are no sound', async (_, between) => {
  for (const file of ['jfk.mp3', 'brooklyn_pcm24.wav', 'music_prelude.ogg']) {
    const bytes = await bytesOf(file);
    const { samples } = await open(file);
    const joined = await open(Buffer.concat([bytes, between, bytes, between]));
    expect(joined.samples.equals(Buffer.concat([samples, samples]))).toBe(true);
    expect(joined.warnings).toEqual([]);
  }
});

describe('what cannot be read is told with its place and its bytes', () => {
  test('a recording for a converter behind one that the engine reads', async () => {
    const m4a = await bytesOf('jfk_441khz.m4a');
    const joined = await open(Buffer.concat([await bytesOf('brooklyn_pcm24.wav'), m4a]));
    const { seconds, samples } = await open('brooklyn_pcm24.wav');
    expect(joined.samples.equals(samples)).toBe(true);
    expect(joined.warnings).toEqual([
      {
        code: 'sound-left-out',
        message: expect.stringContaining('MPEG-4 audio (m4a)'),
        atSeconds: seconds,
        bytes: m4a.length,
      },
    ]);
  });

  test('a broken recording between whole ones', async () => {
    const whole = await bytesOf('brooklyn_pcm24.wav');
    const broken = Buffer.from(whole);
    broken.writeUInt32LE(0, 24);
    const joined = await open(Buffer.concat([whole, broken, whole]));
    const { samples } = await open('brooklyn_pcm24.wav');
    expect(joined.samples.equals(Buffer.concat([samples, samples]))).toBe(true);
    expect(joined.warnings).toMatchObject([{ code: 'sound-left-out', bytes: broken.length }]);
  });

  test('noise behind MP3 and Ogg', async () => {
    const noise = Buffer.from(
      Array.from({ length: 30_000 }, (_, index) => Math.imul(index ^ 0x51ed, 0x9e3779b1) >>> 24),
    );
    for (const file of ['jfk.mp3', 'music_prelude.ogg']) {
      const { samples } = await open(file);
      const joined = await open(Buffer.concat([await bytesOf(file), noise]));
      expect(joined.samples.equals(samples)).toBe(true);
      expect(joined.warnings).toMatchObject([{ code: 'sound-left-out', bytes: noise.length }]);
    }
  });
});

test('a cut recording between others says so with its own time', async () => {
  const whole = await bytesOf('brooklyn_pcm24.wav');
  const { samples, seconds } = await open('brooklyn_pcm24.wav');
  const joined = await open(Buffer.concat([whole, whole.subarray(0, 50_000)]));
  expect(joined.samples.subarray(0, samples.length).equals(samples)).toBe(true);
  expect(joined.warnings).toMatchObject([
    { code: 'damaged', message: expect.stringContaining('bytes of sound and holds') },
  ]);
  expect(joined.warnings[0]?.atSeconds).toBeGreaterThan(seconds + 0.5);
});

test('an empty recording among others is passed over', async () => {
  const empty = await bytesOf('pocketsphinx_null.wav');
  const whole = await bytesOf('brooklyn_pcm24.wav');
  const { samples } = await open('brooklyn_pcm24.wav');
  const joined = await open(Buffer.concat([empty, whole]));
  expect(joined.samples.equals(samples)).toBe(true);
  expect(joined.warnings).toEqual([]);
});

test('an Ogg file of several streams at a time is left to a program that knows them all', async () => {
  const vorbis = await bytesOf('music_prelude.ogg');
  const opus = await bytesOf('mfa_13697_11991_000000.opus');
  const firstPage = (bytes: Buffer) => bytes.subarray(0, bytes.indexOf('OggS', 4));
  const both = Buffer.concat([firstPage(vorbis), opus]);
  await expect(open(both)).rejects.toMatchObject({
    code: 'AUDIO_NEEDS_CONVERSION',
    message: expect.stringContaining('Ogg with 2 streams'),
    format: 'ogg',
  });
});

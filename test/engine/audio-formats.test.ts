import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative, type NativeAudio } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildWavFile, type WavFile } from './audio-wav-file.ts';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const native = createNative();

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-formats-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function openFile(path: string): Promise<NativeAudio & { readonly all: Int16Array }> {
  const audio = await native.openAudio({ path });
  return Object.assign(audio, { all: audio.samples(0, audio.sampleCount) });
}

async function openWav(wav: WavFile): Promise<Int16Array> {
  const path = join(folder, 'made.wav');
  await writeFile(path, buildWavFile(wav));
  const audio = await openFile(path);
  expect(audio.warnings).toEqual([]);
  return audio.all;
}

/** Every value that 16 bits can hold, in an order that no codec likes. */
const allValues = Int16Array.from({ length: 65536 }, (_, index) => (index * 40503) % 65536);

function encode(bytesPerSample: number, write: (data: Buffer, value: number, offset: number) => void): Buffer {
  const data = Buffer.alloc(allValues.length * bytesPerSample);
  allValues.forEach((value, index) => {
    write(data, value, index * bytesPerSample);
  });
  return data;
}

describe('mono WAV of 16 kHz', () => {
  test.each<[string, WavFile]>([
    ['16-bit', { data: encode(2, (data, value, offset) => data.writeInt16LE(value, offset)) }],
    [
      '24-bit',
      { bitsPerSample: 24, data: encode(3, (data, value, offset) => data.writeIntLE(value * 256, offset, 3)) },
    ],
    [
      '32-bit',
      { bitsPerSample: 32, data: encode(4, (data, value, offset) => data.writeInt32LE(value * 65536, offset)) },
    ],
    [
      '32-bit float',
      {
        formatTag: 3,
        bitsPerSample: 32,
        data: encode(4, (data, value, offset) => data.writeFloatLE(value / 32768, offset)),
      },
    ],
    [
      '64-bit float',
      {
        formatTag: 3,
        bitsPerSample: 64,
        data: encode(8, (data, value, offset) => data.writeDoubleLE(value / 32768, offset)),
      },
    ],
  ])('of %s samples is read bit for bit', async (_, wav) => {
    expect(await openWav(wav)).toEqual(allValues);
  });

  test('of 8-bit samples is centred on 128', async () => {
    const samples = await openWav({ bitsPerSample: 8, data: Buffer.from([0, 1, 127, 128, 129, 255]) });
    expect([...samples]).toEqual([-32768, -32512, -256, 0, 256, 32512]);
  });

  test('of mu-law samples is expanded as ITU-T G.711 says', async () => {
    const samples = await openWav({
      formatTag: 7,
      bitsPerSample: 8,
      data: Buffer.from([0x00, 0x7f, 0xff, 0x80, 0xf0]),
    });
    expect([...samples]).toEqual([-32124, 0, 0, 32124, 120]);
  });

  test('of A-law samples is expanded as ITU-T G.711 says', async () => {
    const samples = await openWav({
      formatTag: 6,
      bitsPerSample: 8,
      data: Buffer.from([0xd5, 0x55, 0xaa, 0x2a, 0x80]),
    });
    expect([...samples]).toEqual([8, -8, 32256, -32256, 5504]);
  });

  test('of floats beyond full scale is clipped, and what is no number is silence', async () => {
    const floats = [1.5, -1.5, Number.NaN, Number.POSITIVE_INFINITY, 0.25];
    const data = Buffer.alloc(20);
    floats.forEach((value, index) => {
      data.writeFloatLE(value, index * 4);
    });
    expect([...(await openWav({ formatTag: 3, bitsPerSample: 32, data }))]).toEqual([32767, -32768, 0, 0, 8192]);
  });

  test('that a recorder never finished, with a length of 0, is read to its end', async () => {
    const data = Buffer.from(Int16Array.from([5, -5, 500]).buffer);
    expect([...(await openWav({ data, claimedBytes: 0 }))]).toEqual([5, -5, 500]);
  });

  test('that was written to a pipe, with the largest length there is, is read to its end', async () => {
    const data = Buffer.from(Int16Array.from([5, -5, 500]).buffer);
    expect([...(await openWav({ data, claimedBytes: 0xffffffff }))]).toEqual([5, -5, 500]);
  });
});

test('channels are mixed to their mean, halves rounded to the even neighbour', async () => {
  const data = Buffer.from(Int16Array.from([100, 200, -3, 4, 1, 2, 2, 3, 32767, 32767]).buffer);
  expect([...(await openWav({ channels: 2, data }))]).toEqual([150, 0, 2, 2, 32767]);
});

test('another sample rate becomes 16 kHz of the same duration', async () => {
  const samples = await openWav({ sampleRateHz: 44100, data: Buffer.alloc(44100 * 2) });
  expect(samples.length).toBe(16000);
});

test.each(['brooklyn.aiff', 'brooklyn.caf', 'brooklyn_pcm24.wav', 'brooklyn_pcm32.wav', 'brooklyn_float32.wav'])(
  '%s holds the samples of the same recording in FLAC',
  async (file) => {
    const flac = await openFile(join(fixtures, 'google_brooklyn.flac'));
    expect((await openFile(join(fixtures, file))).all).toEqual(flac.all);
  },
);

test.each([
  ['brooklyn.aiff', 'AIFF', '16-bit PCM', 16000, 1],
  ['brooklyn.caf', 'CAF', '16-bit PCM', 16000, 1],
  ['brooklyn_mulaw.au', 'AU', 'mu-law', 16000, 1],
  ['brooklyn_alaw.wav', 'WAV', 'A-law', 16000, 1],
  ['sr_stereo24.flac', 'FLAC', '24-bit PCM', 44100, 2],
  ['sr_mono8bit.wav', 'WAV', '8-bit PCM', 44100, 1],
  ['fasterwhisper_hotwords.mp3', 'MP3', 'MPEG layer III', 44100, 2],
  ['librispeech_198-209-0000.ogg', 'Ogg Vorbis', 'Vorbis', 22050, 1],
  ['mfa_13697_11991_000000.opus', 'Ogg Opus', 'Opus', 16000, 1],
])('%s is known as %s of %s', async (file, container, codec, sourceSampleRateHz, sourceChannels) => {
  const audio = await openFile(join(fixtures, file));
  expect(audio).toMatchObject({ container, codec, sourceSampleRateHz, sourceChannels });
});

test('the name of a file says nothing', async () => {
  const path = join(folder, 'flac-in-disguise.mp3');
  await copyFile(join(fixtures, 'google_brooklyn.flac'), path);
  expect((await openFile(path)).container).toBe('FLAC');
});

test('an MP3 file is found behind a large tag and behind bytes that are none of it', async () => {
  const original = join(fixtures, 'msft_weather.mp3');
  const expected = (await openFile(original)).all;
  const mp3 = await readFile(original);
  const tag = Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 6, 0, 0]), Buffer.alloc(6 << 14)]);
  for (const lead of [tag, Buffer.alloc(5000, 0x5a)]) {
    const path = join(folder, 'led.mp3');
    await writeFile(path, Buffer.concat([lead, mp3]));
    expect((await openFile(path)).all).toEqual(expected);
  }
});

test('a cancelled call rejects', async () => {
  const opening = native.openAudio({ path: join(fixtures, 'LJ001-long.mp3'), signal: AbortSignal.abort() });
  await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildWavFile, type WavFile } from './audio-wav-file.ts';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const manifest: readonly { file: string; decoder: string; damaged?: boolean }[] = JSON.parse(
  await readFile(join(fixtures, 'manifest.json'), 'utf8'),
);
const native = createNative();

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-damage-'));
  path = join(folder, 'recording');
});

afterAll(() => rm(folder, { recursive: true }));

async function openBytes(bytes: Buffer) {
  await writeFile(path, bytes);
  return await native.openAudio({ path });
}

const sound = manifest.filter((clip) => clip.decoder === 'sndfile' && clip.damaged !== true);

test.each(sound.map((clip) => clip.file))('%s is found undamaged', async (file) => {
  const audio = await native.openAudio({ path: join(fixtures, file) });
  expect(audio.warnings).toEqual([]);
  expect(audio.sampleCount).toBeGreaterThan(0);
});

describe('a recording that was cut keeps what came before', () => {
  test.each([
    ['brooklyn_pcm24.wav', /promises \d+ bytes of sound and holds \d+/],
    ['brooklyn.aiff', /promises \d+ bytes of sound and holds \d+/],
    ['brooklyn.caf', /promises \d+ bytes of sound and holds \d+/],
    ['brooklyn_mulaw.au', /promises \d+ bytes of sound and holds \d+/],
    ['google_brooklyn.flac', /only \d\.\d s of the promised 1\.8 s could be read/],
    ['LJ001-long.mp3', /middle of an MPEG frame/],
    ['librispeech_198-209-0000.ogg', /middle of an Ogg page/],
    ['mfa_13697_11991_000000.opus', /middle of an Ogg page/],
  ])('%s', async (file, reason) => {
    const whole = await native.openAudio({ path: join(fixtures, file) });
    const bytes = await readFile(join(fixtures, file));
    const cut = await openBytes(bytes.subarray(0, Math.round(bytes.length * 0.6)));

    expect(cut.warnings[0]?.message).toMatch(reason);
    expect(cut.warnings[0]?.atSeconds).toBeCloseTo(cut.durationSeconds, 3);
    expect(cut.durationSeconds).toBeGreaterThan(whole.durationSeconds * 0.3);
    expect(cut.durationSeconds).toBeLessThan(whole.durationSeconds * 0.8);
    // The resampler's last samples already know of the silence that follows.
    const kept = cut.sampleCount - 64;
    expect(Buffer.from(cut.samples(0, kept).buffer).equals(Buffer.from(whole.samples(0, kept).buffer))).toBe(true);
  });

  test('an MP3 file whose header promises more frames than there are', async () => {
    const audio = await native.openAudio({ path: join(fixtures, 'jfk_truncated.mp3') });
    expect(audio.warnings[0]?.atSeconds).toBeCloseTo(5.69, 1);
  });

  test('FLAC with spoilt bytes in its middle goes on behind them, at the right time', async () => {
    const path = join(fixtures, '1688-142285-0000.flac');
    const whole = await native.openAudio({ path });
    const bytes = await readFile(path);
    const middle = Math.round(bytes.length / 2);
    bytes.fill(0x5a, middle, middle + 500);
    const audio = await openBytes(bytes);
    expect(audio.warnings).toMatchObject([
      {
        code: 'damaged',
        message: expect.stringMatching(/damaged at \d\.\d s: 0\.\d s could not be read and became silence/),
      },
    ]);
    expect(audio.warnings[0]?.atSeconds).toBeGreaterThan(5);
    expect(audio.warnings[0]?.atSeconds).toBeLessThan(10);
    expect(audio.sampleCount).toBe(whole.sampleCount);
    const tail = 5 * 16_000;
    const tailOf = (of: typeof audio) => Buffer.from(of.samples(whole.sampleCount - tail, tail).buffer);
    expect(tailOf(audio).equals(tailOf(whole))).toBe(true);
  });

  test('one wrong bit in every third frame of FLAC costs these frames only', async () => {
    const bytes = await readFile(join(fixtures, 'librispeech-1688-joined.flac'));
    const whole = await native.openAudio({ path: join(fixtures, 'librispeech-1688-joined.flac') });
    for (let offset = 20_000; offset < bytes.length - 20_000; offset += 25_000)
      bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x10, offset);
    const audio = await openBytes(bytes);
    expect(audio.sampleCount).toBe(whole.sampleCount);
    expect(audio.warnings).toMatchObject([
      { code: 'damaged', message: expect.stringMatching(/and in \d+ more places/) },
    ]);
  });

  test('Ogg with a page that cannot be read does not claim to know where', async () => {
    const bytes = await readFile(join(fixtures, 'music_prelude.ogg'));
    const middle = Math.round(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x55, middle);
    const { warnings } = await openBytes(bytes);
    expect(warnings).toMatchObject([
      { code: 'damaged', message: expect.stringContaining('The rest was transcribed.'), atSeconds: null },
    ]);
  });
});

describe('what is no recording', () => {
  test.each([
    ['text', Buffer.from('Dear diary,\n'), 'AUDIO_UNSUPPORTED', 'text'],
    ['a web page', Buffer.from('<!doctype html><title>404</title>'), 'AUDIO_UNSUPPORTED', 'text'],
    ['UTF-16 text', Buffer.from('\ufeffDear diary', 'utf16le'), 'AUDIO_UNSUPPORTED', 'text'],
    ['a PDF document', Buffer.from('%PDF-1.7\n\x00\x01'), 'AUDIO_UNSUPPORTED', 'a PDF document'],
    ['a PNG image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'AUDIO_UNSUPPORTED', 'a PNG image'],
    ['a zip archive', Buffer.from('PK\x03\x04\x14\x00'), 'AUDIO_UNSUPPORTED', 'a zip archive'],
    ['zeros', Buffer.alloc(3000), 'AUDIO_NEEDS_CONVERSION', 'no known audio format'],
    ['nothing', Buffer.alloc(0), 'AUDIO_EMPTY', 'an empty file'],
  ])('%s is refused by what it is', async (_, bytes, code, got) => {
    await expect(openBytes(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(got) });
  });

  test('random bytes are no sound, whatever their name, and left to a converter without a format', async () => {
    const opening = native.openAudio({ path: join(fixtures, 'random_bytes.mp3') });
    const error = await opening.catch((reason) => reason);
    expect(error).toMatchObject({ code: 'AUDIO_NEEDS_CONVERSION', message: expect.stringContaining('no known audio') });
    expect(error).not.toHaveProperty('format');
  });

  test('a folder, a missing file and a pipe are told apart', async () => {
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    await expect(native.openAudio({ path: folder })).rejects.toMatchObject({ code: 'FILE_IS_DIRECTORY' });
    await expect(native.openAudio({ path: `${folder}/none` })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(native.openAudio({ path: pipe })).rejects.toMatchObject({ code: 'AUDIO_UNSUPPORTED' });
  });
});

test.each([
  ['jfk_441khz.m4a', 'MPEG-4 audio (m4a)', 'mp4'],
  ['brooklyn.mp4', 'MPEG-4 (mp4)', 'mp4'],
  ['jfk_opus.webm', 'WebM', 'matroska'],
])('%s is left to a converter as %s', async (file, name, format) => {
  const opening = native.openAudio({ path: join(fixtures, file) });
  await expect(opening).rejects.toMatchObject({
    code: 'AUDIO_NEEDS_CONVERSION',
    message: expect.stringContaining(name),
    format,
  });
});

describe('a broken or hostile header', () => {
  test('without a data chunk is corrupt', async () => {
    const opening = native.openAudio({ path: join(fixtures, 'pocketsphinx_bad.wav') });
    await expect(opening).rejects.toMatchObject({ code: 'AUDIO_CORRUPT', message: expect.stringContaining('WAV') });
  });

  test('of a recording without samples is empty', async () => {
    const opening = native.openAudio({ path: join(fixtures, 'pocketsphinx_null.wav') });
    await expect(opening).rejects.toMatchObject({ code: 'AUDIO_EMPTY' });
  });

  test.each<[string, WavFile, string]>([
    ['0 Hz', { sampleRateHz: 0 }, 'AUDIO_CORRUPT'],
    ['2 GHz', { sampleRateHz: 0x7fffffff }, 'AUDIO_UNSUPPORTED'],
    ['999 Hz', { sampleRateHz: 999 }, 'AUDIO_UNSUPPORTED'],
    ['0 channels', { channels: 0 }, 'AUDIO_CORRUPT'],
    ['65 channels', { channels: 65, data: Buffer.alloc(1300) }, 'AUDIO_UNSUPPORTED'],
    ['65535 channels', { channels: 65535 }, 'AUDIO_CORRUPT'],
    ['2 GB of sound that are not there', { claimedBytes: 0x7f000000, data: Buffer.alloc(0) }, 'AUDIO_EMPTY'],
    ['an encoding that nobody has', { formatTag: 0x9999 }, 'AUDIO_NEEDS_CONVERSION'],
  ])('that claims %s is refused', async (_, wav, code) => {
    await expect(openBytes(buildWavFile(wav))).rejects.toMatchObject({ code });
  });

  test('that claims 2 GB gets the little that is there, and is no damage where the whole file is there', async () => {
    const audio = await openBytes(buildWavFile({ claimedBytes: 0x7f000000 }));
    expect(audio.sampleCount).toBe(1000);
    expect(audio.warnings).toEqual([]);
  });

  test.each([64, 768])('of a rate of %i thousand Hz is read', async (thousands) => {
    const data = Buffer.alloc(thousands * 200);
    const audio = await openBytes(buildWavFile({ sampleRateHz: thousands * 1000, data }));
    expect(audio.durationSeconds).toBeCloseTo(0.1, 6);
  });
});

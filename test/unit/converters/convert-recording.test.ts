import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Converter, createAfconvert, createFfmpeg } from '../../../../daemon/src/converters/converter.ts';
import { convertRecording } from '../../../../daemon/src/engine/audio/convert-recording.ts';
import { writeMpeg4File } from './mpeg4-file.ts';

const standIns = join(import.meta.dirname, '../../../stand-ins');
const converters = [createAfconvert(join(standIns, 'afconvert')), createFfmpeg(join(standIns, 'ffmpeg'))];
const generous = { timeoutMs: 100_000, maxOutputBytes: 1 << 20 };

let folder: string;
let inputPath: string;
let outputPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-convert-'));
  inputPath = join(folder, '-i concat:strange name.m4a');
  outputPath = join(folder, 'converted.wav');
});

afterEach(() => rm(folder, { recursive: true }));

describe.each(converters)('$name', (converter) => {
  test('writes the samples of the recording as a WAV file', async () => {
    const samples = Int16Array.from({ length: 1000 }, (_, index) => index * 31 - 15_000);
    await writeMpeg4File(inputPath, samples);
    expect(await convertRecording({ converter, inputPath, outputPath, limits: generous })).toBe('');
    expect((await readFile(outputPath)).subarray(44)).toEqual(Buffer.from(samples.buffer));
  });

  test('reads a relative path that begins with a dash', async () => {
    await writeMpeg4File(inputPath, new Int16Array(10));
    const relativePath = relative(process.cwd(), inputPath);
    await convertRecording({ converter, inputPath: relativePath, outputPath, limits: generous });
    expect((await readFile(outputPath)).length).toBe(64);
  });

  test('an end with complaints gives the complaints', async () => {
    await writeMpeg4File(inputPath, 'complain: partial file');
    expect(await convertRecording({ converter, inputPath, outputPath, limits: generous })).toBe('partial file');
  });

  test.each([
    ['moov atom not found', 'AUDIO_CORRUPT'],
    ['No space left on device', 'DISK_FULL'],
    ['Output file does not contain any stream', 'AUDIO_EMPTY'],
  ])('the failure "%s" is %s', async (message, code) => {
    await writeMpeg4File(inputPath, `fail: ${message}`);
    await expect(convertRecording({ converter, inputPath, outputPath, limits: generous })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a conversion without end is killed at its time limit', async () => {
    await writeMpeg4File(inputPath, 'hang');
    const limits = { ...generous, timeoutMs: 50 };
    await expect(convertRecording({ converter, inputPath, outputPath, limits })).rejects.toMatchObject({
      code: 'AUDIO_CORRUPT',
      message: `Expected ${converter.name} to convert the recording within 0.05 s, got no end.`,
    });
  });

  test('a conversion that floods the disk is killed at its size limit', async () => {
    await writeMpeg4File(inputPath, 'flood');
    await expect(convertRecording({ converter, inputPath, outputPath, limits: generous })).rejects.toMatchObject({
      code: 'AUDIO_TOO_LARGE',
    });
  });

  test('an aborted conversion is killed', async () => {
    await writeMpeg4File(inputPath, 'hang');
    const abort = new AbortController();
    const limits = generous;
    const conversion = convertRecording({ converter, inputPath, outputPath, limits, signal: abort.signal });
    abort.abort();
    await expect(conversion).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

test('a converter that cannot be started is named', async () => {
  const converter: Converter = createFfmpeg(join(folder, 'no-such-ffmpeg'));
  await expect(convertRecording({ converter, inputPath, outputPath, limits: generous })).rejects.toMatchObject({
    code: 'CONVERTER_MISSING',
    message: expect.stringContaining('no-such-ffmpeg'),
  });
});

import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAfconvert } from '../../../daemon/src/converters/afconvert.ts';
import { type ConvertRecordingRequest, convertRecording } from '../../../daemon/src/converters/convert-recording.ts';
import { createFfmpeg } from '../../../daemon/src/converters/ffmpeg.ts';
import { noSandbox } from '../../../daemon/src/converters/sandbox.ts';
import { writeMpeg4File } from '../engine/audio/mpeg4-file.ts';

const standIns = join(import.meta.dirname, '../../stand-ins');
const converters = [createAfconvert(join(standIns, 'afconvert')), createFfmpeg(join(standIns, 'ffmpeg'))];
const generous = { idleMs: 100_000, totalMs: 100_000, maxOutputBytes: 1 << 20, minFreeDiskBytes: 0 };

let folder: string;
let inputPath: string;
let outputPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-convert-'));
  inputPath = join(folder, '-i concat:strange name.m4a');
  outputPath = join(folder, 'converted.wav');
});

afterEach(() => rm(folder, { recursive: true }));

function convert({
  path = inputPath,
  ...request
}: Pick<ConvertRecordingRequest, 'converter'> & Partial<ConvertRecordingRequest> & { readonly path?: string }) {
  const conversion = {
    inputPath: path,
    outputPath,
    format: 'mp4',
    track: null,
    keepsChannels: false,
    keepsClock: true,
    delaySeconds: 0,
  };
  return convertRecording({ conversion, sandbox: noSandbox, limits: generous, ...request });
}

describe.each(converters)('$name', (converter) => {
  test('writes the samples of the recording as a WAV file with its lengths', async () => {
    const samples = Int16Array.from({ length: 1000 }, (_, index) => index * 31 - 15_000);
    await writeMpeg4File(inputPath, samples);
    expect((await convert({ converter })).complaints).toEqual([]);
    const file = await readFile(outputPath);
    expect(file.subarray(44)).toEqual(Buffer.from(samples.buffer));
    expect([file.readUInt32LE(4), file.readUInt32LE(40)]).toEqual([2036, 2000]);
  });

  test('reads a relative path that begins with a dash', async () => {
    await writeMpeg4File(inputPath, new Int16Array(10));
    await convert({ converter, path: relative(process.cwd(), inputPath) });
    expect((await readFile(outputPath)).length).toBe(64);
  });

  test('an end with complaints gives the complaints', async () => {
    await writeMpeg4File(inputPath, 'complain: partial file');
    expect((await convert({ converter })).complaints).toEqual(['partial file']);
  });

  test.each([
    ['moov atom not found', 'AUDIO_CORRUPT'],
    ['No space left on device', 'DISK_FULL'],
    ['Output file does not contain any stream', 'AUDIO_EMPTY'],
  ])('the failure "%s" is %s, in words of our own', async (message, code) => {
    await writeMpeg4File(inputPath, `fail: ${message}`);
    await expect(convert({ converter })).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining(message),
      cause: { message },
    });
  });

  test('a conversion that brings no sound is killed at its time limit', async () => {
    await writeMpeg4File(inputPath, 'hang');
    const limits = { ...generous, idleMs: 50 };
    await expect(convert({ converter, limits })).rejects.toMatchObject({
      code: 'CONVERTER_FAILED',
      message: 'The recording could not be converted in time.',
    });
  });

  test('a converter that outlives its kill keeps nobody waiting', async () => {
    const left = join(folder, 'left');
    await writeMpeg4File(inputPath, `outlive: ${left}`);
    const stop = new AbortController();
    const converted = convert({ converter, signal: stop.signal, goneMs: 20 });
    const whileOpen = expect(converted).rejects.toMatchObject({ code: 'CANCELLED' });
    while (Number(await readFile(left, 'utf8').catch(() => '')) === 0)
      await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await whileOpen;
    process.kill(Number(await readFile(left, 'utf8')), 'SIGKILL');
  });

  test('a conversion without end is killed at its size limit', async () => {
    await writeMpeg4File(inputPath, 'flood');
    await expect(convert({ converter })).rejects.toMatchObject({ code: 'AUDIO_TOO_LARGE' });
  });

  test('a conversion that would leave less of the disk than it has to is not begun', async () => {
    await writeMpeg4File(inputPath, 'flood');
    const limits = { ...generous, minFreeDiskBytes: Number.MAX_SAFE_INTEGER };
    await expect(convert({ converter, limits })).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  test('an aborted conversion is killed', async () => {
    await writeMpeg4File(inputPath, 'hang');
    const abort = new AbortController();
    const conversion = convert({ converter, signal: abort.signal });
    abort.abort();
    await expect(conversion).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('a folder that cannot be written is told as what it is', async () => {
    await writeMpeg4File(inputPath, new Int16Array(10));
    // Root may write everywhere but into a folder that is none.
    outputPath = join(inputPath, 'converted.wav');
    await chmod(inputPath, 0o400);
    await expect(convert({ converter })).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
  });

  test("the converter gets nothing of the daemon's environment", async () => {
    await writeMpeg4File(inputPath, 'environment');
    process.env['HEARTH_TOKEN'] = 'secret';
    process.env['FFREPORT'] = 'file=/tmp/report';
    try {
      const { cause } = await convert({ converter }).then(
        () => ({ cause: null }),
        (error: Error) => error,
      );
      expect(String(cause)).toContain('PATH');
      expect(String(cause)).not.toMatch(/HEARTH|FFREPORT/);
    } finally {
      delete process.env['HEARTH_TOKEN'];
      delete process.env['FFREPORT'];
    }
  });
});

test('a converter that cannot be started is named', async () => {
  await expect(convert({ converter: createFfmpeg(join(folder, 'no-such-ffmpeg')) })).rejects.toMatchObject({
    code: 'CONVERTER_MISSING',
    message: 'ffmpeg cannot be started.',
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioFacts, NativeComingAudio } from '@hearth/native';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAfconvert } from '../../../../daemon/src/converters/afconvert.ts';
import { createFfmpeg } from '../../../../daemon/src/converters/ffmpeg.ts';
import { noSandbox } from '../../../../daemon/src/converters/sandbox.ts';
import { openRecording as open } from '../../../../daemon/src/engine/audio/open-recording.ts';
import type { OpenRecordingRequest } from '../../../../daemon/src/engine/audio/recording.ts';
import { writeMpeg4File } from './mpeg4-file.ts';

const standIns = join(import.meta.dirname, '../../../stand-ins');
const ffmpeg = createFfmpeg(join(standIns, 'ffmpeg'));

let folder: string;
let temporaryFolder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-open-'));
  temporaryFolder = await mkdtemp(join(folder, 'temporary-'));
  path = join(folder, 'recording.m4a');
  await writeFile(path, '');
});

afterEach(() => rm(folder, { recursive: true }));

/** Without a sandbox, in which the stand-ins' own interpreter could not be found. */
function openRecording(request: Omit<OpenRecordingRequest, 'minFreeDiskBytes' | 'sandbox'>) {
  return open({ minFreeDiskBytes: 0, sandbox: noSandbox, ...request });
}

/** The addon as far as these tests need it: reads 44-byte WAV headers, and knows an MPEG-4 file when it sees one. */
function createFakeNative(): OpenRecordingRequest['native'] {
  return {
    openChannels: () => Promise.reject(new Error('asked for channels')),
    beginAudio: async (request) => {
      if (request.signal?.aborted) throw nativeError('CANCELLED', 'The call was cancelled.');
      const file = readFileSync(request.path);
      if (file.toString('latin1', 4, 8) === 'ftyp') {
        throw nativeError('AUDIO_NEEDS_CONVERSION', 'Expected wav, got MPEG-4 audio (m4a).', 'mp4');
      }
      const samples = new Int16Array(file.buffer, file.byteOffset + 44, (file.length - 44) / 2).slice();
      return audioOf({ sampleCount: samples.length }, samples);
    },
  };
}

function audioOf(facts: Partial<AudioFacts>, samples = new Int16Array()): NativeComingAudio {
  const whole = async () => ({ warnings: [], ...facts });
  return { samples: () => samples, whole } as Partial<NativeComingAudio> as NativeComingAudio;
}

function nativeError(code: string, message: string, format?: string): Error {
  return Object.assign(new Error(message), { code, format });
}

function failWith(code: string, message: string): OpenRecordingRequest['native'] {
  return { ...createFakeNative(), beginAudio: async () => Promise.reject(nativeError(code, message)) };
}

test('what the engine reads itself needs no converter', async () => {
  const audio = audioOf({});
  const native = { ...createFakeNative(), beginAudio: async () => audio };
  const findConverters = () => Promise.reject(new Error('asked for a converter'));
  const { sounds, warnings } = await openRecording({ native, path, temporaryFolder, findConverters });
  expect(sounds).toEqual([{ audio, voice: null }]);
  expect(await warnings()).toEqual([]);
});

test('what the engine warns of is told', async () => {
  const message = 'The recording is damaged after 3.2 s: the file ends in the middle of an Ogg page.';
  const audio = audioOf({ warnings: [{ code: 'damaged', message, atSeconds: 3.24, bytes: null }] });
  const native = { ...createFakeNative(), beginAudio: async () => audio };
  const { warnings } = await openRecording({ native, path, temporaryFolder });
  expect(await warnings()).toEqual([message]);
});

test('what needs conversion is converted, read and left nowhere', async () => {
  const samples = Int16Array.from({ length: 500 }, (_, index) => index);
  await writeMpeg4File(path, samples);
  const {
    sounds: [{ audio }],
    warnings,
  } = await openRecording({
    native: createFakeNative(),
    path,
    temporaryFolder,
    findConverters: async () => [ffmpeg],
  });
  expect(audio.samples(0, 500)).toEqual(samples);
  expect(await warnings()).toEqual([]);
  expect(await readdir(temporaryFolder)).toEqual([]);
});

test('what a converter complains about becomes a warning', async () => {
  await writeMpeg4File(path, 'complain: partial file');
  const findConverters = async () => [ffmpeg];
  const { warnings } = await openRecording({ native: createFakeNative(), path, temporaryFolder, findConverters });
  expect(await warnings()).toEqual([
    'The recording is damaged: some of it could not be read. What could be read was transcribed.',
  ]);
});

test('a second converter is asked when the first one fails', async () => {
  await writeMpeg4File(path, new Int16Array(7));
  const native = createFakeNative();
  const findConverters = async () => [createAfconvert('/no/such/afconvert'), ffmpeg];
  const {
    sounds: [{ audio }],
  } = await openRecording({ native, path, temporaryFolder, findConverters });
  expect((await audio.whole()).sampleCount).toBe(7);
});

test('without a converter the error names the format and how to get one', async () => {
  await writeMpeg4File(path, new Int16Array(7));
  const opening = openRecording({
    native: createFakeNative(),
    path,
    temporaryFolder,
    findConverters: async () => [],
  });
  await expect(opening).rejects.toMatchObject({
    code: 'CONVERTER_MISSING',
    message: 'Expected wav, got MPEG-4 audio (m4a).',
    hint: expect.stringMatching(/install ffmpeg.*HEARTH_FFMPEG.*imageio-ffmpeg/),
  });
});

test('a conversion that fails leaves nothing behind and says what is wrong with the recording', async () => {
  await writeMpeg4File(path, 'fail: moov atom not found');
  const findConverters = async () => [ffmpeg];
  const opening = openRecording({ native: createFakeNative(), path, temporaryFolder, findConverters });
  await expect(opening).rejects.toMatchObject({
    code: 'AUDIO_CORRUPT',
    message: 'This recording was never finished: the index at its end is missing.',
  });
  expect(await readdir(temporaryFolder)).toEqual([]);
});

test('an aborted signal cancels the conversion and leaves nothing behind', async () => {
  await writeMpeg4File(path, 'flood');
  const abort = new AbortController();
  const opening = openRecording({
    native: createFakeNative(),
    path,
    temporaryFolder,
    signal: abort.signal,
    findConverters: async () => {
      abort.abort();
      return [ffmpeg];
    },
  });
  await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await readdir(temporaryFolder)).toEqual([]);
});

test('an aborted signal cancels reading', async () => {
  await writeMpeg4File(path, new Int16Array(7));
  const opening = openRecording({ native: createFakeNative(), path, temporaryFolder, signal: AbortSignal.abort() });
  await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
});

test.each([
  ['AUDIO_EMPTY', 'Send a recording that contains sound.'],
  ['FILE_NOT_PERMITTED', 'Send the bytes of the file instead of its path.'],
  ['FILE_IS_DIRECTORY', 'Name a file, not a folder.'],
])('the error %s of the addon keeps its code and gets its hint', async (code, hint) => {
  const native = failWith(code, `Expected a recording at ${basename(path)}, got none.`);
  await expect(openRecording({ native, path, temporaryFolder })).rejects.toMatchObject({
    name: 'HearthError',
    code,
    message: 'Expected a recording at recording.m4a, got none.',
    hint,
  });
});

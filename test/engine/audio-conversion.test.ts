import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAfconvert } from '../../daemon/src/converters/afconvert.ts';
import { findConverters } from '../../daemon/src/converters/find-converters.ts';
import { noSandbox } from '../../daemon/src/converters/sandbox.ts';
import { writeMpeg4File } from '../unit/engine/audio/mpeg4-file.ts';
import { openWhole } from './support/open-whole.ts';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const native = createNative();
const hasConverter = (await findConverters()).length > 0;

let temporaryFolder: string;

beforeEach(async () => {
  temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-conversion-'));
});

afterEach(() => rm(temporaryFolder, { recursive: true }));

test('what a converter writes is what the engine reads', async () => {
  const path = join(temporaryFolder, 'voice memo.m4a');
  const samples = Int16Array.from({ length: 20_000 }, (_, index) => (index * 40_503) % 65_536);
  await writeMpeg4File(path, samples);
  const converter = createAfconvert(join(import.meta.dirname, '../stand-ins/afconvert'));
  const {
    sounds: [{ audio }],
    warnings,
  } = await openWhole({
    native,
    path,
    temporaryFolder,
    minFreeDiskBytes: 0,
    sandbox: noSandbox,
    findConverters: async () => [converter],
  });
  expect(audio.samples(0, audio.sampleCount)).toEqual(samples);
  expect(warnings).toEqual([]);
  expect(await readdir(temporaryFolder)).toEqual(['voice memo.m4a']);
});

// Linux has no converter of its own; HEARTH_FFMPEG or the PATH may bring one.
(hasConverter ? describe : describe.skip)('the converter of this machine', () => {
  test.each([
    ['jfk_441khz.m4a', 11.0],
    ['brooklyn.mp4', 1.8],
    ['jfk_opus.webm', 11.0],
    ['watson_weather.webm', 7.1],
  ])('reads %s without a complaint', async (file, seconds) => {
    const {
      sounds: [{ audio }],
      warnings,
    } = await openWhole({
      native,
      path: join(fixtures, file),
      temporaryFolder,
      minFreeDiskBytes: 0,
    });
    expect(warnings).toEqual([]);
    expect(audio.durationSeconds).toBeGreaterThan(seconds - 0.1);
    expect(audio.durationSeconds).toBeLessThan(seconds + 0.2);
    expect(await readdir(temporaryFolder)).toEqual([]);
  });

  test('reads as far as a cut file goes, and says so', async () => {
    const path = join(fixtures, 'jfk_truncated.m4a');
    const {
      sounds: [{ audio }],
      warnings,
    } = await openWhole({ native, path, temporaryFolder, minFreeDiskBytes: 0 });
    expect(audio.sampleCount).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.stringContaining('The recording is damaged')]);
  });
});

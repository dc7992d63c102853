import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findConverters } from '../../../daemon/src/converters/find-converters.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-converters-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function addProgram(name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
  return path;
}

test('macOS asks afconvert first, then ffmpeg', async () => {
  const executables = [await addProgram('afconvert'), await addProgram('ffmpeg')];
  const converters = await findConverters({ platform: 'darwin', environment: { PATH: folder } });
  expect(converters.map((converter) => converter.executable)).toEqual(executables);
});

test('Linux asks ffmpeg alone', async () => {
  await addProgram('afconvert');
  const ffmpeg = await addProgram('ffmpeg');
  const converters = await findConverters({ platform: 'linux', environment: { PATH: `/nowhere:${folder}` } });
  expect(converters.map((converter) => converter.executable)).toEqual([ffmpeg]);
});

test('HEARTH_FFMPEG goes before the PATH', async () => {
  await addProgram('ffmpeg');
  const chosen = await addProgram('ffmpeg-of-my-own');
  const converters = await findConverters({ platform: 'linux', environment: { PATH: folder, HEARTH_FFMPEG: chosen } });
  expect(converters.map((converter) => converter.executable)).toEqual([chosen]);
});

test("a package manager's folder goes after the PATH", async () => {
  const ffmpeg = await addProgram('ffmpeg');
  const converters = await findConverters({
    ...{ platform: 'linux', environment: { PATH: '/nowhere' } },
    packageManagerFolders: [folder],
  });
  expect(converters.map((converter) => converter.executable)).toEqual([ffmpeg]);
});

test('a HEARTH_FFMPEG that cannot be run is named', async () => {
  await writeFile(join(folder, 'notes'), 'no program');
  const environment = { PATH: folder, HEARTH_FFMPEG: join(folder, 'notes') };
  await expect(findConverters({ platform: 'linux', environment })).rejects.toMatchObject({
    code: 'CONVERTER_MISSING',
    message: expect.stringContaining(join(folder, 'notes')),
  });
});

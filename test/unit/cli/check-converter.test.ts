import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkConverter } from '../../../daemon/src/cli/check-converter.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-doctor-'));
});

afterEach(() => rm(folder, { recursive: true }));

function checkWith(environment: Readonly<Record<string, string>>) {
  return checkConverter({
    platform: 'linux',
    environment: { PATH: '/nowhere', ...environment },
    packageManagerFolders: [],
  });
}

test('a converter that only HEARTH_FFMPEG names is found', async () => {
  const chosen = join(folder, 'ffmpeg-of-my-own');
  await writeFile(chosen, '#!/bin/sh\n');
  await chmod(chosen, 0o755);
  expect(await checkWith({ HEARTH_FFMPEG: chosen })).toEqual({ state: 'ok', found: chosen, advice: null });
});

test('no converter at all is a warning that says how to get one', async () => {
  const { state, found, advice } = await checkWith({});
  expect([state, found]).toEqual(['warning', 'none']);
  expect(advice).toMatch(
    /^m4a, mp4 and webm need one\. Install ffmpeg \(`apt install ffmpeg`\), or set HEARTH_FFMPEG /,
  );
});

test('a HEARTH_FFMPEG that cannot be run is an error, though the PATH may have another', async () => {
  await expect(checkWith({ HEARTH_FFMPEG: join(folder, 'gone') })).rejects.toMatchObject({ code: 'CONVERTER_MISSING' });
});

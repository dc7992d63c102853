import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkConverter } from '../../../../daemon/src/cli/doctor/check-converter.ts';
import { describeSandbox } from '../../../../daemon/src/converters/sandbox.ts';

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

/** Writes a program that stands for ffmpeg as far as the trial goes: a second of silence as WAV. */
async function writeProgram(lines: string): Promise<string> {
  const chosen = join(folder, 'ffmpeg-of-my-own');
  await writeFile(chosen, `#!/bin/sh\n${lines}\n`);
  await chmod(chosen, 0o755);
  return chosen;
}

test('a converter that only HEARTH_FFMPEG names is found, and tried in the sandbox', async () => {
  const chosen = await writeProgram('head -c 32044 /dev/zero');
  const { state, found } = await checkWith({ HEARTH_FFMPEG: chosen });
  // A machine with an old kernel, or another system, says what is missing.
  const confined = { state: 'ok', found: `${chosen}, in a sandbox` };
  const open = { state: 'warning', found: expect.stringContaining('sandbox') };
  expect({ state, found }).toEqual(describeSandbox().seesOnlyItsInput ? confined : open);
});

test('one that works without a sandbox only is a warning', async () => {
  const needed = join(folder, 'needed');
  await writeFile(needed, '');
  const chosen = await writeProgram(`. ${needed} || exit 1; head -c 32044 /dev/zero`);
  expect(await checkWith({ HEARTH_FFMPEG: chosen })).toMatchObject({
    state: 'warning',
    found: `${chosen}, without a sandbox`,
  });
});

test('one that converts nothing is wrong', async () => {
  const chosen = await writeProgram('exit 0');
  expect(await checkWith({ HEARTH_FFMPEG: chosen })).toMatchObject({ state: 'wrong', found: chosen });
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

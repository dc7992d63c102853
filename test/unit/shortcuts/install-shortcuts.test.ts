import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { installShortcuts } from '../../../daemon/src/shortcuts/install-shortcuts.ts';
import { readPlist } from '../launchd/read-plist.ts';

const standIn = fileURLToPath(new URL('../../stand-ins/shortcuts', import.meta.url));
const names = ['Dictate to Clipboard', 'Transcribe Audio', 'Transcribe to Subtitles'];

let folder: string;
let state: string;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'hearth-shortcuts-'));
  folder = join(state, 'my shortcuts');
  await writeProgram('shortcuts', `STAND_IN_SHORTCUTS='${state}' exec '${standIn}' "$@"`);
  await writeProgram('open', `printf '%s\\n' "$1" >> '${state}/opened'`);
});

afterEach(() => rm(state, { recursive: true }));

async function writeProgram(name: string, script: string): Promise<void> {
  await writeFile(join(state, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function install(openProgram: string | null = join(state, 'open')): Promise<readonly string[]> {
  return installShortcuts({ launcher: '/opt/hearth', folder, shortcutsProgram: join(state, 'shortcuts'), openProgram });
}

test('each shortcut is signed on this Mac and opened, and only the signed files stay', async () => {
  const files = await install();
  expect(files.map((file) => basename(file, '.shortcut')).sort()).toEqual(names);
  expect((await readdir(folder)).sort()).toEqual(names.map((name) => `${name}.shortcut`));
  expect((await readFile(join(state, 'opened'), 'utf8')).trim().split('\n')).toEqual(files);
  expect(await readFile(join(state, 'calls'), 'utf8')).not.toContain('anyone');
});

test('what is signed reads back as the shortcut that was made', async () => {
  const [file] = await install(null);
  const signed = await readFile(file as string);
  expect(signed.subarray(0, 4).toString()).toBe('AEA1');
  expect(readPlist(signed.subarray(4))).toMatchObject({ WFWorkflowName: 'Transcribe Audio' });
  await expect(readFile(join(state, 'opened'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('installed again, each file is made anew', async () => {
  await install(null);
  expect(await install(null)).toHaveLength(3);
});

test('what lies in the folder stays, and an older shortcut too when the new one cannot be signed', async () => {
  await install(null);
  await writeFile(join(folder, 'Transcribe Audio unsigned.shortcut'), 'mine');
  await writeFile(join(state, 'broken'), 'people-who-know-me anyone');
  const before = await readFile(join(folder, 'Transcribe Audio.shortcut'));
  await expect(install(null)).rejects.toMatchObject({ code: 'SHORTCUT_NOT_SIGNED' });
  expect(await readFile(join(folder, 'Transcribe Audio.shortcut'))).toEqual(before);
  await rm(join(state, 'broken'));
  await install(null);
  expect(await readFile(join(folder, 'Transcribe Audio unsigned.shortcut'), 'utf8')).toBe('mine');
});

test('where this Mac cannot sign, Apple is asked', async () => {
  await writeFile(join(state, 'broken'), 'people-who-know-me');
  expect(await install()).toHaveLength(3);
  expect(await readFile(join(state, 'calls'), 'utf8')).toContain('sign anyone ');
});

test('where neither signs, what each said is told and nothing is left behind', async () => {
  await writeFile(join(state, 'broken'), 'people-who-know-me anyone');
  await expect(install()).rejects.toMatchObject({
    code: 'SHORTCUT_NOT_SIGNED',
    message: expect.stringMatching(/people-who-know-me: .*No account is signed in\.; anyone: .*answered 500\./),
  });
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that cannot be made is told', async () => {
  await writeFile(folder, '');
  await expect(install()).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
});

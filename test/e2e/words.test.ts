import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
/** "For a full hour he had paced up and down, waiting, but he could wait no longer." */
const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');

let daemon: RunningDaemon;
let folder: string;

beforeAll(async () => {
  daemon = await startDaemon({ environment: eachWindowOnce });
  folder = mkdtempSync(join(tmpdir(), 'hearth-words-'));
});

afterAll(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

afterEach(() => hearth(['words', 'remove', '--all']));

async function hearth(values: readonly string[], input = '') {
  const child = spawn(process.execPath, [cliModule, ...values], { env: { ...process.env, HEARTH_HOME: daemon.home } });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code };
}

async function listed(list: 'words' | 'dictionary' = 'words'): Promise<unknown> {
  return JSON.parse((await hearth(['words', '--json'])).stdout)[list];
}

test('words are added, listed, changed and removed', async () => {
  expect(await hearth(['words'])).toEqual({
    stdout: '',
    stderr: 'No words. `hearth words add Kubernetes` adds a name, `hearth words add "at sign" @` a replacement.\n',
    code: 0,
  });
  expect(await hearth(['words', 'add', 'at sign', '@'])).toMatchObject({
    stderr: '"at sign" is written as "@".\n',
    code: 0,
  });
  await hearth(['words', 'add', 'my address', '1 High Street\\nOxford']);
  expect((await hearth(['words'])).stdout).toBe(
    'SAY         WRITE\nat sign     @\nmy address  1 High Street\\nOxford\n',
  );
  expect(JSON.parse(readFileSync(join(daemon.home, 'words.json'), 'utf8')).words).toEqual(await listed());
  await hearth(['words', 'add', 'AT SIGN', '(at)']);
  expect(await hearth(['words', 'remove', 'my address'])).toMatchObject({ stderr: '1 entry removed.\n', code: 0 });
  expect(await listed()).toEqual([{ say: 'AT SIGN', write: '(at)' }]);
  expect(await hearth(['words', 'remove', 'my address'])).toMatchObject({
    stderr: expect.stringContaining('The list has no words for "my address".'),
    code: 1,
  });
  expect(await hearth(['words', 'remove'])).toMatchObject({ code: 2 });
});

test('a file is imported: what is wrong in it is told, and the rest is added', async () => {
  const path = join(folder, 'list.txt');
  writeFileSync(path, '# mine\r\nat sign = @\r\n\r\nnonsense\r\ne equals\tE = m\\nc\r\n = x\r\n');
  expect(await hearth(['words', 'import', path])).toEqual({
    stdout: '',
    stderr: [
      `hearth: ${path}, line 4: Expected what you say, a tab or "=", and what is written, got nonsense.`,
      `hearth: ${path}, line 6: Expected { "say", "write" }, got one in which say must not have fewer than 1 characters.`,
      '2 entries added or changed.',
      '',
    ].join('\n'),
    code: 1,
  });
  const words = [
    { say: 'at sign', write: '@' },
    { say: 'e equals', write: 'E = m\nc' },
  ];
  expect(await listed()).toEqual(words);
  const { stdout } = await hearth(['words', '--json']);
  await hearth(['words', 'remove', '--all']);
  expect(await hearth(['words', 'import', '-'], stdout)).toMatchObject({
    stderr: '2 entries added or changed.\n',
    code: 0,
  });
  expect(await listed()).toEqual(words);
  expect(await hearth(['words', 'import', join(folder, 'none')])).toMatchObject({ code: 2 });
  expect(await hearth(['words', 'import', '-'], '{"x":1}')).toMatchObject({ code: 2 });
});

test('a recording is written with them, at the times of what was said', async () => {
  await hearth(['words', 'add', 'a full hour', '60 minutes']);
  await hearth(['words', 'add', 'waiting', '']);
  const options = ['--language', 'en', '--word-timestamps', '--format', 'json'];
  const plain: Transcript = JSON.parse((await hearth(['transcribe', ...options, clip])).stdout);
  const cleaned: Transcript = JSON.parse((await hearth(['transcribe', '--replace-words', ...options, clip])).stdout);
  expect(plain.text).toMatch(/^ For a full hour he had paced up and down,? waiting,? but/);
  expect(cleaned.raw).toBe(plain.text);
  expect(cleaned.text).toBe(plain.text.replace('a full hour', '60 minutes').replace(' waiting', ''));
  const words = cleaned.segments.flatMap((segment) => segment.words ?? []);
  const said = plain.segments.flatMap((segment) => segment.words ?? []);
  expect(words.map(({ word }) => word).join('')).toBe(cleaned.text);
  const [, a, , hour] = said;
  expect(words[1]).toMatchObject({ word: ' 60 minutes', start: a?.start, end: hour?.end });
  expect(words.slice(2, 6)).toEqual(said.slice(4, 8));
});

test('names are added to the dictionary, listed, changed and removed', async () => {
  expect(await hearth(['words', 'add', 'Kubernetes', '--sounds-like', 'cooper netties'])).toMatchObject({
    stderr: '"Kubernetes" is in the dictionary.\n',
    code: 0,
  });
  const forms = ['--sounds-like', 'till knee', '--sounds-like', 'till me', '--language', 'English'];
  await hearth(['words', 'add', 'Tilney', ...forms]);
  await hearth(['words', 'add', 'at sign', '@']);
  expect((await hearth(['words'])).stdout).toBe(
    [
      'WORD        SOUNDS LIKE         LANGUAGE',
      'Kubernetes  cooper netties',
      'Tilney      till knee, till me  en',
      '',
      'SAY      WRITE',
      'at sign  @',
      '',
    ].join('\n'),
  );
  await hearth(['words', 'add', 'tilney']);
  expect(await listed('dictionary')).toEqual([
    { word: 'Kubernetes', soundsLike: ['cooper netties'] },
    { word: 'tilney' },
  ]);
  expect(await hearth(['words', 'remove', 'Tilney', 'at sign'])).toMatchObject({ stderr: '2 entries removed.\n' });
  expect(await hearth(['words', 'remove', 'Tilney'])).toMatchObject({
    stderr: expect.stringContaining('The list has no words for "Tilney".'),
    code: 1,
  });
  expect(await hearth(['words', 'add', 'a', 'b', '--sounds-like', 'c'])).toMatchObject({
    stderr: expect.stringContaining('Expected a name or term with --sounds-like, got words and what is written.'),
    code: 2,
  });
  expect(await hearth(['words', 'add', 'a', '--language', 'Klingon'])).toMatchObject({ code: 2 });
});

test('names are imported from a file with one on each line', async () => {
  const path = join(folder, 'names.txt');
  writeFileSync(path, '# ours\nTilney\nKubernetes = cooper netties, cuban at ease\n-\nSão Paulo\tsow Paulo\n');
  expect(await hearth(['words', 'import', '--dictionary', path])).toMatchObject({
    stderr: [
      `hearth: ${path}, line 4: Expected { "word", "soundsLike" }, got one in which word must match pattern "[^\\s-]".`,
      '3 entries added or changed.',
      '',
    ].join('\n'),
    code: 1,
  });
  const names = [
    { word: 'Tilney' },
    { word: 'Kubernetes', soundsLike: ['cooper netties', 'cuban at ease'] },
    { word: 'São Paulo', soundsLike: ['sow Paulo'] },
  ];
  expect(await listed('dictionary')).toEqual(names);
  const { stdout } = await hearth(['words', '--json']);
  await hearth(['words', 'remove', '--all']);
  expect(await hearth(['words', 'import', '-'], stdout)).toMatchObject({ code: 0 });
  expect(await listed('dictionary')).toEqual(names);
});

test('a name that the model mis-hears is right once it is in the dictionary', async () => {
  const allen = pathOf('test/fixtures/audio/librispeech_198-209-0000.ogg');
  const transcribed = async (...options: readonly string[]) =>
    (await hearth(['transcribe', '--language', 'en', ...options, allen])).stdout;
  await hearth(['words', 'add', 'Catherine']);
  await hearth(['words', 'add', 'Kubernetes', '--sounds-like', 'white gown']);
  const without = await transcribed('--no-dictionary');
  expect(without).toMatch(/Allen said Chather in the next morning.*a white gown/s);
  expect(await transcribed()).toBe(without.replace('Chather in', 'Catherine').replace('white gown', 'Kubernetes'));
});

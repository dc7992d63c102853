import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { transcribeScript } from '../../../daemon/src/finder/transcribe-script.ts';

/** Writes what it was asked for, and fails for recordings that hold noise. */
const hearth = `
for word in "$@"; do
  [ "$previous" = --output ] && output=$word
  previous=$word
done
grep -q noise "$previous" && { echo "hearth: Expected a recording, got noise." >&2; exit 1; }
printf '%s\\n' "$*" > "$output"`;

let folder: string;
let launcher: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-finder-'));
  const programs = join(folder, "o'programs");
  await mkdir(programs);
  launcher = join(programs, 'hearth');
  await writeFile(launcher, `#!/bin/sh\n${hearth}\n`, { mode: 0o755 });
  await writeFile(
    join(programs, 'osascript'),
    `#!/bin/sh\nfor last in "$@"; do :; done\nprintf '%s' "$last" > '${folder}/told'\n`,
    {
      mode: 0o755,
    },
  );
});

afterEach(() => rm(folder, { recursive: true }));

async function run(names: readonly string[], format: 'txt' | 'srt' = 'txt') {
  for (const name of names) if (!existsSync(join(folder, name))) await writeFile(join(folder, name), 'voice');
  const script = transcribeScript({ launcher, format });
  const { status, stderr } = spawnSync('/bin/sh', ['-c', script, 'sh', ...names.map((name) => join(folder, name))], {
    encoding: 'utf8',
    cwd: '/',
    env: { ...process.env, PATH: `${join(folder, "o'programs")}:/usr/bin:/bin` },
  });
  return { status, stderr };
}

async function told(): Promise<string> {
  return await readFile(join(folder, 'told'), 'utf8');
}

test('a transcript appears beside its recording and a notification names it', async () => {
  expect(await run(['talk.m4a'])).toEqual({ status: 0, stderr: '' });
  expect(await readFile(join(folder, 'talk.txt'), 'utf8')).toBe(
    `transcribe --quiet --format txt --output ${folder}/talk.txt -- ${folder}/talk.m4a\n`,
  );
  expect(await told()).toBe('talk.txt');
});

test('subtitles get their own ending', async () => {
  await run(['film.mp4'], 'srt');
  expect(existsSync(join(folder, 'film.srt'))).toBe(true);
});

test('no file is written over', async () => {
  await writeFile(join(folder, 'talk.txt'), 'mine');
  await writeFile(join(folder, 'talk 2.txt'), 'mine too');
  await run(['talk.m4a']);
  expect(await readFile(join(folder, 'talk.txt'), 'utf8')).toBe('mine');
  expect(await told()).toBe('talk 3.txt');
});

test('a name of 255 bytes, also where it is taken', async () => {
  const name = `${'a'.repeat(251)}.m4a`;
  await writeFile(join(folder, `${'a'.repeat(251)}.srt`), 'mine');
  expect(await run([name], 'srt')).toEqual({ status: 0, stderr: '' });
  expect(await readFile(join(folder, `${'a'.repeat(251)}.srt`), 'utf8')).toBe('mine');
  expect(existsSync(join(folder, `${'a'.repeat(249)} 2.srt`))).toBe(true);
});

test('two recordings of one name both get a transcript', async () => {
  await run(['talk.m4a', 'talk.mp3']);
  expect(await told()).toBe('2 of 2 recordings');
  expect(await readFile(join(folder, 'talk 2.txt'), 'utf8')).toContain('talk.mp3\n');
});

test.each(['a b.m4a', '-x.wav', "it's.mp3", '$(touch hacked).wav', '"quoted".wav', '音声 日本.caf', 'v1.2 final.m4a'])(
  'a recording called %j is transcribed',
  async (name) => {
    expect(await run([name])).toEqual({ status: 0, stderr: '' });
    expect(await told()).toBe(name.replace(/\.\w+$/, '.txt'));
    expect((await readdir(folder)).includes('hacked')).toBe(false);
  },
);

test('a recording without an ending, in a folder with one, is transcribed', async () => {
  await mkdir(join(folder, 'tour.2026'));
  await run(['tour.2026/recording', 'tour.2026/.hidden']);
  expect((await readdir(join(folder, 'tour.2026'))).sort()).toEqual([
    '.hidden',
    '.hidden.txt',
    'recording',
    'recording.txt',
  ]);
});

test('one that fails is told in the dialogue, and the others are transcribed', async () => {
  await writeFile(join(folder, 'bad.wav'), 'noise');
  expect(await run(['bad.wav', 'good.wav'])).toEqual({
    status: 1,
    stderr: 'hearth: Expected a recording, got noise.\n',
  });
  expect(await told()).toBe('1 of 2 recordings');
});

test('without notifications the work is still done', async () => {
  await writeFile(join(folder, "o'programs", 'osascript'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(await run(['talk.m4a'])).toEqual({ status: 0, stderr: '' });
});

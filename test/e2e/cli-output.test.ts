import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listJobs } from '../../daemon/src/client/jobs.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { wavOf } from '../engine/support/wav-of.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');
const clipText = /^For a full hour he had paced .* could wait no longer\.\n$/;

let daemon: RunningDaemon;
let folder: string;

beforeAll(async () => {
  daemon = await startDaemon({ environment: eachWindowOnce });
});

afterAll(() => daemon.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-output-'));
  copyFileSync(clip, join(folder, 'talk.flac'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function hearth(values: readonly string[], stdin: 'ignore' | number = 'ignore'): ChildProcess {
  return spawn(process.execPath, [cliModule, ...values], {
    ...{ cwd: folder, env: environment(), stdio: [stdin, 'pipe', 'pipe'] },
  });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, HEARTH_HOME: daemon.home };
}

async function finish(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

const transcribe = (...values: readonly string[]) => finish(hearth(['transcribe', ...values]));

function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

test('a recording is not replaced by its transcript', async () => {
  const before = readFileSync(clip);
  symlinkSync('talk.flac', join(folder, 'link.txt'));
  for (const output of ['talk.flac', 'link.txt', './talk.flac']) {
    const { code, stderr } = await transcribe('talk.flac', '-o', output);
    expect([code, stderr]).toEqual([2, expect.stringContaining('would replace the recording')]);
  }
  copyFileSync(clip, join(folder, 'b.flac'));
  expect((await transcribe('b.flac', 'talk.flac', '-o', 'talk.flac')).stderr).toContain('would replace the recording');
  const stdin = openSync(join(folder, 'talk.flac'), 'r');
  const piped = await finish(hearth(['transcribe', '-', '-o', 'talk.flac'], stdin));
  expect([piped.code, piped.stderr]).toEqual([2, expect.stringContaining('which is standard input')]);
  expect(readFileSync(join(folder, 'talk.flac')).equals(before)).toBe(true);
});

test('a recording is not added to by its transcript', async () => {
  const line = '"$0" "$1" transcribe talk.flac >> talk.flac';
  const appended = spawn('bash', ['-c', line, process.execPath, cliModule], { cwd: folder, env: environment() });
  const { code, stderr } = await finish(appended);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Standard output is the recording talk.flac.')]);
  expect(readFileSync(join(folder, 'talk.flac')).equals(readFileSync(clip))).toBe(true);
});

test('a dash is standard output, and a device, a pipe and what a shell opens are written to', async () => {
  expect(await transcribe('talk.flac', '-o', '-')).toEqual({
    ...{ stdout: expect.stringMatching(clipText), stderr: '', code: 0 },
  });
  symlinkSync('/dev/null', join(folder, 'null'));
  expect(await transcribe('talk.flac', '-o', 'null')).toEqual({ stdout: '', stderr: '', code: 0 });
  expect(readlinkSync(join(folder, 'null'))).toBe('/dev/null');

  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const reader = spawn('cat', [join(folder, 'pipe')]);
  const [heard, result] = await Promise.all([text(reader.stdout), transcribe('talk.flac', '-o', 'pipe')]);
  expect([heard, result.code]).toEqual([expect.stringMatching(clipText), 0]);
  expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);

  const line = '"$0" "$1" transcribe talk.flac -o >(cat > heard) && wait $!; cat heard';
  const substituted = spawn('bash', ['-c', line, process.execPath, cliModule], { cwd: folder, env: environment() });
  expect(await finish(substituted)).toEqual({ stdout: expect.stringMatching(clipText), stderr: '', code: 0 });
});

(existsSync('/dev/full') ? test : test.skip)(
  'a full disk under standard output is told, under standard error it stops nothing',
  async () => {
    const runWith = (stdio: ['ignore', number | 'pipe', number | 'pipe'], ...values: readonly string[]) =>
      spawn(process.execPath, [cliModule, ...values], { cwd: folder, env: environment(), stdio });
    const full = openSync('/dev/full', 'w');
    const untold = runWith(['ignore', full, 'pipe'], 'status');
    const [said, [code]] = await Promise.all([text(untold.stderr as NodeJS.ReadableStream), once(untold, 'close')]);
    expect([code, said]).toEqual([1, expect.stringMatching(/^hearth: No space is left to write standard output\./)]);
    const deaf = runWith(['ignore', 'pipe', full], 'transcribe', 'none.flac');
    expect(await once(deaf, 'close')).toEqual([2, null]);
    closeSync(full);
  },
);

test('Ctrl-C ends the wait for a pipe that nobody reads', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const doneBefore = await doneJobs();
  const child = hearth(['transcribe', 'talk.flac', '-o', 'pipe']);
  const ended = finish(child);
  while ((await doneJobs()) === doneBefore) await delay(20);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});

async function doneJobs(): Promise<number> {
  return (await listJobs(daemon)).filter(({ state }) => state === 'done').length;
}

test('a link is followed, the mode is kept, and what is read-only is refused', async () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'text.txt'), 'old', { mode: 0o600 });
  symlinkSync(join('real', 'text.txt'), join(folder, 'link.txt'));
  expect((await transcribe('talk.flac', '-o', 'link.txt')).code).toBe(0);
  expect(lstatSync(join(folder, 'link.txt')).isSymbolicLink()).toBe(true);
  expect(read('real/text.txt')).toMatch(clipText);
  expect(statSync(join(folder, 'real', 'text.txt')).mode & 0o777).toBe(0o600);

  writeFileSync(join(folder, 'kept.txt'), 'kept');
  chmodSync(join(folder, 'kept.txt'), 0o444);
  const { code, stderr } = await transcribe('talk.flac', '-o', 'kept.txt');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/kept\.txt.*(read-only|permission denied)/)]);
  expect(read('kept.txt')).toBe('kept');
});

test('several recordings need a folder, and an ending says the format', async () => {
  copyFileSync(clip, join(folder, 'b.flac'));
  for (const output of ['out.txt', 'out.SRT']) {
    expect(await transcribe('talk.flac', 'b.flac', '-o', output)).toMatchObject({
      ...{ stdout: '', stderr: expect.stringContaining('Expected a folder for 2 recordings'), code: 2 },
    });
  }
  expect((await transcribe('talk.flac', '-o', 'a.SRT')).code).toBe(0);
  expect(read('a.SRT')).toMatch(/^1\n00:00:0/);
  expect((await transcribe('talk.flac', '-o', 'a.pdf')).code).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(['a.SRT', 'b.flac', 'talk.flac']);
});

test('long names and Japanese ones are saved', async () => {
  const names = [`${'a'.repeat(250)}.wav`, '議'.repeat(84), `${'議'.repeat(83)}.ts`];
  for (const name of names) copyFileSync(clip, join(folder, name));
  const result = await transcribe(...names, '-o', 'out/');
  expect(result).toEqual({ stdout: '', stderr: '3 done\n', code: 0 });
  const jobs = (await listJobs(daemon)).slice(-3);
  expect(jobs.map(({ priority }) => priority)).toEqual(['bulk', 'bulk', 'bulk']);
  // Each had come before another one ended.
  expect(jobs.every(({ createdAt }) => jobs.every(({ endedAt }) => createdAt < String(endedAt)))).toBe(true);
  const saved = readdirSync(join(folder, 'out'));
  expect(saved.sort()).toEqual([`${'a'.repeat(250)}.txt`, `${'議'.repeat(83)}.txt`, `${'議'.repeat(83)} 2.txt`].sort());
  for (const name of saved) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});

test('what became of several recordings is told at the end, and one without speech is named', async () => {
  writeFileSync(
    join(folder, 'silence.wav'),
    wavOf(() => 0, 32_000),
  );
  writeFileSync(join(folder, 'notes.wav'), 'these are notes and no sound');
  const result = await transcribe('talk.flac', 'silence.wav', 'notes.wav', '-o', 'out/');
  expect(result).toMatchObject({ stdout: '', code: 1 });
  const lines = result.stderr.trimEnd().split('\n');
  expect(lines[0]).toBe('hearth: silence.wav: no speech found');
  expect(lines.slice(1, -1).join('\n')).toMatch(/^hearth: notes\.wav: /);
  expect(lines.at(-1)).toBe('2 done, 1 failed');
  expect(await transcribe('silence.wav')).toEqual({
    stdout: '',
    stderr: 'hearth: silence.wav: no speech found\n',
    code: 0,
  });
});

test('ids of detached jobs can be piped on', async () => {
  const line = '"$0" "$1" transcribe --detach talk.flac | xargs "$0" "$1" jobs follow';
  const piped = spawn('bash', ['-o', 'pipefail', '-c', line, process.execPath, cliModule], {
    ...{ cwd: folder, env: environment() },
  });
  expect(await finish(piped)).toEqual({ stdout: expect.stringMatching(clipText), stderr: '', code: 0 });
});

test.each(['/proc/nope/x.txt', '/proc/nope/deeper/', '/sys/nope/x.txt', 'file/x.txt'])(
  '%s is refused before anything is sent',
  async (output) => {
    writeFileSync(join(folder, 'file'), '');
    const before = (await listJobs(daemon)).length;
    const refused = await transcribe('talk.flac', '--output', output);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Cannot write ')]);
    expect((await listJobs(daemon)).length).toBe(before);
  },
);

// Only root can make a disk that is full or takes no writes.
const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

(canMount ? test : test.skip).each([
  ['is full', 'size=64k', 'No space is left to write '],
  ['is read-only', 'ro', 'Cannot write '],
])('a disk that %s is told before anything is sent', async (_, options, told) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status).toBe(0);
  try {
    if (options !== 'ro') writeFileSync(join(disk, 'filler'), Buffer.alloc(64 * 1024));
    const before = (await listJobs(daemon)).length;
    for (const output of ['disk/x.txt', 'disk/new/x.txt', 'disk/new/']) {
      const refused = await transcribe('talk.flac', '--output', output);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(told)]);
    }
    expect((await listJobs(daemon)).length).toBe(before);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});

test('a device that is full ends with what is wrong', async () => {
  if (!existsSync('/dev/full')) return;
  const refused = await transcribe('talk.flac', '--output', '/dev/full');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('No space is left to write /dev/full.')]);
});

test('a home that cannot be made is told', async () => {
  if (!existsSync('/proc/self')) return;
  const child = spawn(process.execPath, [cliModule, 'start'], {
    env: { ...process.env, HEARTH_HOME: '/proc/nope/home' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = await finish(child);
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('Cannot write /proc/nope/home')]);
});

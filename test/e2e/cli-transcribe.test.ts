import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { ask } from './support/ask.ts';
import { eachWindowOnce } from './support/each-window-once.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cliModule = join(root, 'daemon', 'dist', 'cli', 'main.js');
const jfk = join(root, 'assets', 'samples', 'jfk.flac');
const long = join(root, 'test', 'fixtures', 'audio', 'LJ001-long.mp3');
const jfkText = /my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country/;

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-cli-'));
});

afterAll(() => removeHome());

async function removeHome(): Promise<void> {
  await finish(hearth('stop'));
  await rm(home, { recursive: true });
}

/** The rest of a test has a home of its own, without a daemon. */
async function inFreshHome(work: () => Promise<void>): Promise<void> {
  const shared = home;
  home = await mkdtemp(join(tmpdir(), 'hearth-cli-'));
  try {
    await work();
  } finally {
    await removeHome();
    home = shared;
  }
}

function hearth(...values: readonly string[]): ChildProcess {
  const env = { ...process.env, ...eachWindowOnce, HEARTH_HOME: home };
  return spawn(process.execPath, [cliModule, ...values], { env });
}

async function finish(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

async function processIdOfDaemon(): Promise<number> {
  const { stdout } = await finish(hearth('status', '--json'));
  return (JSON.parse(stdout) as { health: { processId: number } }).health.processId;
}

test('the first recording starts a daemon, which the next ones find', async () => {
  const first = await finish(hearth('transcribe', jfk));
  expect(first).toEqual({ stdout: expect.stringMatching(jfkText), stderr: '', code: 0 });
  const processId = await processIdOfDaemon();

  const second = hearth('transcribe', '-', '--format', 'srt', '--language', 'en');
  createReadStream(jfk).pipe(second.stdin as NodeJS.WritableStream);
  const { stdout, code } = await finish(second);
  expect(stdout).toMatch(/^1\n00:00:00,\d{3} --> 00:00:1\d,\d{3}\n/);
  expect(stdout).toMatch(jfkText);
  expect(code).toBe(0);
  expect(await processIdOfDaemon()).toBe(processId);
});

test('two that find no daemon at once share the one that wins', () =>
  inFreshHome(async () => {
    const both = await Promise.all([finish(hearth('transcribe', jfk)), finish(hearth('transcribe', jfk))]);
    for (const result of both) {
      expect(result).toEqual({ stdout: expect.stringMatching(jfkText), stderr: '', code: 0 });
    }
  }));

test('what cannot be transcribed is told, and the others are', async () => {
  const result = await finish(hearth('transcribe', join(root, 'README.md'), jfk));
  expect(result.stdout).toMatch(/^==> .*jfk\.flac <==\n/);
  expect(result.stdout).toMatch(jfkText);
  expect(result.stderr).toMatch(/README\.md: Expected .*got text.*\n1 done, 1 failed\n$/);
  expect(result.code).toBe(1);
});

test('an option that the daemon refuses is wrong use', async () => {
  const result = await finish(hearth('transcribe', '--language', 'klingon', jfk));
  expect(result).toMatchObject({ stdout: '', code: 2 });
  expect(result.stderr).toContain('got klingon');
});

test('a model that is not there is named, also when a large recording is being sent', async () => {
  const result = await finish(hearth('transcribe', '--model', 'whisper-vast', long));
  expect(result).toMatchObject({ stdout: '', code: 2 });
  expect(result.stderr).toContain('got whisper-vast');
});

test('Ctrl-C in the middle of a recording cancels its job and leaves nothing behind', async () => {
  const child = hearth('transcribe', '--format', 'ndjson', long);
  const ended = finish(child);
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('"segments-decoded"')) resolve();
    });
  });
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130 });

  const socketPath = join(home, 'hearth.sock');
  const job = (await ask(socketPath, { path: '/v1/jobs' })).json<{ jobs: { id: string }[] }>().jobs.at(-1);
  const log = await ask(socketPath, { path: `/v1/jobs/${job?.id}/events?from=0` });
  expect(log.text.trim().split('\n').at(-1)).toContain('"job-cancelled"');
  expect(await finish(hearth('transcribe', jfk))).toMatchObject({ stdout: expect.stringMatching(jfkText), code: 0 });
  await finish(hearth('stop'));
  expect(await readdir(join(home, 'spool'))).toEqual([]);
});

test('serve runs in the foreground until it is told to end, and removes its socket', () =>
  inFreshHome(async () => {
    const serving = hearth('serve');
    const ended = finish(serving);
    while ((await finish(hearth('status'))).code !== 0);
    const result = await finish(hearth('transcribe', jfk));
    expect(result.stdout).toMatch(jfkText);
    serving.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(await readdir(home)).not.toContain('hearth.sock');
    expect(await finish(hearth('status'))).toMatchObject({ code: 69 });
  }));

test('a daemon that cannot start is told with its reason', () =>
  inFreshHome(async () => {
    const child = spawn(process.execPath, [cliModule, 'transcribe', jfk], {
      env: { ...process.env, HEARTH_HOME: home, HEARTH_MAX_QUEUED_JOBS: 'many' },
    });
    const result = await finish(child);
    expect(result).toMatchObject({ stdout: '', code: 69 });
    expect(result.stderr).toMatch(
      /The daemon did not start: exit code 78\.\nIts output ends with:\n.*HEARTH_MAX_QUEUED_JOBS/,
    );
  }));

test('files are written whole, named after their recordings', async () => {
  const output = join(home, 'texts');
  expect(await finish(hearth('transcribe', jfk, '-o', `${output}/`))).toEqual({ stdout: '', stderr: '', code: 0 });
  expect(await readdir(output)).toEqual(['jfk.txt']);
  expect(await readFile(join(output, 'jfk.txt'), 'utf8')).toMatch(jfkText);
});

test('the channels of a call are transcribed apart, each as it is alone, and named', async () => {
  const call = join(root, 'test', 'fixtures', 'audio', 'fasterwhisper_stereo_diarization.wav');
  const short = ['--window', 'short', '--language', 'en'];
  const split = await finish(
    hearth('transcribe', call, ...short, '--channels', 'split', '--speakers', 'caller', '-f', 'json'),
  );
  const alone = await finish(hearth('transcribe', call, ...short, '--channels', '2'));
  const { segments, duration, text: whole } = JSON.parse(split.stdout) as Transcript;
  expect(segments.map(({ speaker, channel, id }) => [id, speaker, channel])).toEqual([
    [0, 'caller', 1],
    [1, 'Right', 2],
  ]);
  expect(segments[0]?.text).toMatch(/a confused complaint against the wizard/);
  expect(`${segments[1]?.text.trim()}\n`).toBe(alone.stdout);
  expect(whole).toBe(segments.map((segment) => segment.text).join(''));
  expect(duration).toBeCloseTo(5, 1);
  expect([split.stderr, split.code]).toEqual(['', 0]);
});

test.each([
  [['--track', '2'], 'The recording has no audio track 2. It has 1.'],
  [['--channels', '3'], 'The recording has no channel 3. It has 2: 1 (Left), 2 (Right).'],
])('%j that is not there is wrong usage, with what there is', async (options, message) => {
  const { stdout, stderr, code } = await finish(hearth('transcribe', jfk, ...options));
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toContain(message);
});

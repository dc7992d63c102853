import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import {
  health,
  jobEvents,
  type StandInDaemon,
  segment,
  startStandInDaemon,
  transcript,
} from '../../stand-ins/daemon.ts';

const cliModule = fileURLToPath(new URL('../../../daemon/dist/cli/main.js', import.meta.url));

let daemon: StandInDaemon;
/** What every recording held that was sent. */
let sent: string[];
/** What the daemon says of an ended job. */
let jobWarnings: readonly string[] = [];

afterEach(() => daemon.close());

/** A daemon that answers each upload with its own bytes as the text, or fails as the bytes ask for. */
async function startEcho(onUpload: (text: string, response: ServerResponse) => void = echo): Promise<void> {
  sent = [];
  daemon = await startStandInDaemon(async (request: IncomingMessage, response) => {
    if (request.url === '/v1/health') return void response.end(JSON.stringify(health));
    if (request.url === '/v1/jobs/job-1') return void response.end(JSON.stringify({ warnings: jobWarnings }));
    if (request.url === '/v1/ps') return void response.end('{"models":[]}');
    const upload = String(await buffer(request));
    sent.push(upload);
    onUpload(upload, response);
  });
}

function echo(upload: string, response: ServerResponse): void {
  if (upload === 'noise') {
    const error = {
      code: 'AUDIO_UNSUPPORTED',
      message: 'Expected a recording, got text.',
      hint: 'Convert it.',
    } as const;
    response.end(jobEvents({ type: 'job-failed', error }));
    return;
  }
  if (upload === 'no model') {
    const error = { code: 'MODEL_NOT_FOUND', message: 'Expected a known model, got x.', hint: 'Use another.' };
    response.writeHead(404).end(JSON.stringify({ error }));
    return;
  }
  const segments = [segment(0, 1, ` ${upload}`)];
  response.end(
    jobEvents(
      { type: 'segments-decoded', segments, processedSeconds: 1 },
      { type: 'job-done', result: transcript(segments, upload === 'short' ? ['The recording is damaged.'] : []) },
    ),
  );
}

function hearth(...values: readonly string[]): ChildProcess {
  return hearthIn(daemon.home, ...values);
}

function hearthIn(home: string, ...values: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cliModule, ...values], {
    env: { ...process.env, HEARTH_HOME: home },
    cwd: daemon.home,
  });
}

async function finish(child: ChildProcess, input = '') {
  child.stdin?.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

async function recording(name: string, content: string): Promise<string> {
  await writeFile(join(daemon.home, name), content);
  return name;
}

test('the text of a recording goes to standard output and nothing else does', async () => {
  await startEcho();
  const result = await finish(hearth('transcribe', await recording('a.wav', 'Good morning.')));
  expect(result).toEqual({ stdout: 'Good morning.\n', stderr: '', code: 0 });
});

test('a recording on standard input is transcribed', async () => {
  await startEcho();
  expect(await finish(hearth('transcribe', '-'), 'Good evening.')).toMatchObject({
    stdout: 'Good evening.\n',
    code: 0,
  });
});

test('of several recordings, one that fails is told on standard error and the rest are transcribed', async () => {
  await startEcho();
  const files = [
    await recording('a.wav', 'One.'),
    await recording('b.wav', 'noise'),
    await recording('c.wav', 'Three.'),
  ];
  const result = await finish(hearth('transcribe', ...files));
  expect(result.stdout).toBe('==> a.wav <==\nOne.\n==> c.wav <==\nThree.\n');
  expect(result.stderr).toBe('hearth: b.wav: Expected a recording, got text. Convert it.\n2 done, 1 failed\n');
  expect(result.code).toBe(1);
  expect((await finish(hearth('transcribe', '--quiet', ...files))).stderr).not.toContain('done');
});

test('all that is wrong with files, options and outputs is told once, before anything is sent', async () => {
  await startEcho();
  const file = await recording('a.wav', 'One.');
  await mkdir(join(daemon.home, 'folder'));
  const tell = async (...values: readonly string[]) => {
    const { stdout, stderr, code } = await finish(hearth('transcribe', ...values));
    expect([stdout, code]).toEqual(['', 2]);
    return stderr.trimEnd().split('\n');
  };
  expect(await tell(file, 'missing.wav', 'folder', 'gone.wav', '-', '-', '--language', 'germna')).toEqual([
    expect.stringContaining('missing.wav'),
    expect.stringContaining('folder'),
    expect.stringContaining('gone.wav'),
    expect.stringContaining('Standard input (-)'),
    expect.stringContaining('Did you mean German (de)?'),
  ]);
  expect(await tell(file, file, file, '--beam-size', '50')).toEqual([
    expect.stringContaining('--beam-size must be 1 to 16, got 50.'),
  ]);
  expect(await tell(file, '--clip-timestamps', '5,2')).toEqual([expect.stringContaining('got 5,2')]);
  expect(await tell(file, '-o', file)).toEqual([expect.stringContaining('a.wav')]);
  expect(await tell(file, '-o', 'a.pdf')).toEqual([expect.stringContaining('got a.pdf')]);
  expect(await tell(file, '--detach', '-o', 'a.txt')).toEqual([
    expect.stringContaining("cannot be used with option '--detach'"),
  ]);
  expect(await tell(file, '--detach', '-f', 'srt')).toEqual([
    expect.stringContaining("cannot be used with option '--detach'"),
  ]);
  expect(sent).toEqual([]);
});

test('what the daemon refuses before it takes a recording is told once for all of them', async () => {
  await startEcho();
  const files = [await recording('a.wav', 'no model'), await recording('b.wav', 'One.')];
  expect(await finish(hearth('transcribe', ...files))).toEqual({
    ...{ stdout: '', stderr: 'hearth: Expected a known model, got x. Use another.\n', code: 2 },
  });
});

test('subtitles go to the folder that is named', async () => {
  await startEcho();
  const files = [await recording('a.wav', 'One.'), await recording('b.wav', 'Two.')];
  expect(await finish(hearth('transcribe', ...files, '-f', 'srt', '-o', 'subtitles'))).toMatchObject({
    stdout: '',
    code: 0,
  });
  expect(await readFile(join(daemon.home, 'subtitles', 'b.srt'), 'utf8')).toContain('00:00:01,000\nTwo.');
});

test('warnings are told on standard error unless quiet', async () => {
  await startEcho();
  const file = await recording('a.wav', 'short');
  expect((await finish(hearth('transcribe', file))).stderr).toBe('hearth: a.wav: The recording is damaged.\n');
  expect((await finish(hearth('transcribe', '--quiet', file))).stderr).toBe('');
  jobWarnings = ['Its transcript is not in the history yet.'];
  const { stderr } = await finish(hearth('transcribe', file));
  expect(stderr).toContain('hearth: a.wav: Its transcript is not in the history yet.\n');
  jobWarnings = [];
});

test('where the time went is told on standard error when it is asked for, and never of a job that goes on alone', async () => {
  await startEcho();
  const file = await recording('a.wav', 'One.');
  const { stdout, stderr, code } = await finish(hearth('transcribe', '--timings', '--quiet', file));
  expect([stdout, code]).toEqual(['One.\n', 0]);
  expect(stderr).toContain('a.wav: 1.0 s of sound, 3.1x real time\n');
  expect(stderr).toContain('  encoder                100.0 ms  31.3 %  1 window\n');
  expect(stderr).toContain(
    '  decoder                200.0 ms  62.5 %  10 tokens, 11 steps, host 1.0 ms, device 16.0 ms a step\n',
  );
  expect(await finish(hearth('transcribe', '--timings', '--detach', file))).toMatchObject({ stdout: '', code: 2 });
});

test('Ctrl-C cancels the job at the daemon and exits with 130', async () => {
  const uploaded = Promise.withResolvers<ServerResponse>();
  await startEcho((_upload, response) => {
    response.write(jobEvents({ type: 'job-started' }));
    uploaded.resolve(response);
  });
  const child = hearth('transcribe', await recording('a.wav', 'One.'), await recording('b.wav', 'Two.'));
  const response = await uploaded.promise;
  const closed = once(response, 'close');
  child.kill('SIGINT');
  expect(await finish(child)).toMatchObject({ stdout: '', code: 130 });
  await closed;
});

test('a reader that goes away ends it quietly', async () => {
  const reader = Promise.withResolvers<void>();
  await startEcho(async (_upload, response) => {
    await reader.promise;
    const segments = [segment(0, 1, 'x'.repeat(1_000_000))];
    response.end(jobEvents({ type: 'job-done', result: transcript(segments) }));
  });
  const child = hearth('transcribe', await recording('a.wav', 'One.'));
  child.stdout?.destroy();
  reader.resolve();
  const [stderr, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 141 });
});

test.each([
  [['transcribe']],
  [['transcribe', '--format', 'doc', 'a.wav']],
  [['transcribe', '--langauge', 'de', 'a.wav']],
  [['transcrbe', 'a.wav']],
])('wrong use, %j, is told with exit code 2', async (values) => {
  await startEcho();
  const result = await finish(hearth(...values));
  expect(result).toMatchObject({ stdout: '', code: 2 });
  expect(result.stderr).toMatch(/^hearth: [^\n]+\.(?: Did you mean [^\n]+\?)?\n$/);
});

test('a typing error gets a suggestion', async () => {
  await startEcho();
  expect((await finish(hearth('transcrbe', 'a.wav'))).stderr).toContain('Did you mean `hearth transcribe`?');
  expect((await finish(hearth('transcribe', '--langage', 'de', 'a.wav'))).stderr).toContain('Did you mean --language?');
});

test('help and version go to standard output', async () => {
  await startEcho();
  expect(await finish(hearth('--version'))).toMatchObject({ stdout: '0.1.0\n', code: 0 });
  const help = await finish(hearth('transcribe', '--help'));
  expect(help).toMatchObject({ stderr: '', code: 0 });
  expect(help.stdout).toContain('Exit codes: 0 all transcribed');
});

test('status tells how the daemon is, for people and for programs', async () => {
  await startEcho();
  const forPeople = await finish(hearth('status'));
  expect(forPeople).toMatchObject({ stderr: '', code: 0 });
  expect(forPeople.stdout).toContain(`Process  ${process.pid}, up 1 min\n`);
  const { stdout } = await finish(hearth('status', '--json'));
  expect(JSON.parse(stdout)).toEqual({ health, ps: { models: [] }, service: null });
});

test('without a daemon, status says so with exit code 69 and stop has nothing to do', async () => {
  await startEcho();
  const emptyHome = join(daemon.home, 'empty');
  const status = await finish(hearthIn(emptyHome, 'status'));
  expect(status).toMatchObject({ stdout: '', code: 69 });
  expect(status.stderr).toMatch(
    /^hearth: No daemon is running \(nothing listens on \/.*\)\. Start it with `hearth start`\.\n$/,
  );
  expect(await finish(hearthIn(emptyHome, 'stop'))).toMatchObject({ stderr: 'No daemon was running.\n', code: 0 });
});

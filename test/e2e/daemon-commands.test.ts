import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { availableModels } from '../../daemon/src/models/available-models.ts';
import { recommendModels } from '../../daemon/src/models/recommend-models.ts';
import { embeddedModelName, recommendedModelName } from '../../daemon/src/settings/default-model.ts';
import { health, jobEvents, type StandInDaemon, segment, startStandInDaemon, transcript } from '../stand-ins/daemon.ts';

const cliModule = fileURLToPath(new URL('../../daemon/dist/cli/main.js', import.meta.url));

type Route = (request: IncomingMessage, response: ServerResponse) => unknown;

let daemon: StandInDaemon;
let routes: Record<string, Route>;
let asked: string[];

beforeEach(async () => {
  asked = [];
  routes = { 'GET /v1/health': () => ({ ...health, engine: { ...health.engine } }) };
  daemon = await startStandInDaemon(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push(line);
    const route = routes[line] ?? routes[line.replace(/\?.*/, '')];
    const answer = await route?.(request, response);
    if (route === undefined) {
      const error = { code: 'JOB_NOT_FOUND', message: `Expected a route, got ${line}.`, hint: '' };
      response.writeHead(404).end(JSON.stringify({ error }));
    } else if (answer !== undefined) response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
});

afterEach(() => daemon.close());

function spawnHearth(...values: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cliModule, ...values], {
    env: { ...process.env, HEARTH_HOME: daemon.home, HOME: daemon.home, TZ: 'Asia/Tokyo' },
    cwd: daemon.home,
  });
}

async function hearth(...values: readonly string[]) {
  const child = spawnHearth(...values);
  child.stdin?.end();
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const read = (stream: unknown) => text(stream as NodeJS.ReadableStream);
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  return { stdout, stderr, code: await code };
}

const job = (id: string, state: string, more: object = {}) => ({
  ...{ id, state, name: null, priority: 'bulk', queuePosition: null, createdAt: '2026-01-01T00:00:00.000Z' },
  ...{ durationSeconds: null, processedSeconds: 0, error: null, warnings: [], ...more },
});

const threeJobs = () => ({
  jobs: [
    job('aaaaaaaa-1', 'failed', { name: 'talk.mp3', error: { message: `Expected one of ${'de, '.repeat(99)}` } }),
    job('bbbbbbbb-2', 'running', { name: 'a\nb\x1b[31m.mp3', durationSeconds: 200, processedSeconds: 50 }),
    job('cccccccc-3', 'queued', { queuePosition: 1 }),
  ],
});

test('jobs that wait or run are listed, the newest first', async () => {
  routes['GET /v1/jobs'] = threeJobs;
  const { stdout, code } = await hearth('jobs');
  expect([stdout.split('\n'), code]).toEqual([
    [
      'ID        STATE    CREATED (Asia/Tokyo)  PROGRESS  NAME',
      'cccccccc  queued   2026-01-01 09:00      1 ahead   (no name)',
      String.raw`bbbbbbbb  running  2026-01-01 09:00      25%       a\nb\x1b[31m.mp3`,
      '',
    ],
    0,
  ]);
  expect(JSON.parse((await hearth('jobs', '--json')).stdout).jobs).toHaveLength(3);
});

test('all jobs are listed on request, each whole in a pipe', async () => {
  routes['GET /v1/jobs'] = threeJobs;
  const lines = (await hearth('jobs', '--all')).stdout.trimEnd().split('\n');
  expect(lines.map((each) => each.slice(0, 8).trim())).toEqual(['ID', 'cccccccc', 'bbbbbbbb', 'aaaaaaaa']);
  expect(lines[3]).toMatch(/^aaaaaaaa {2}failed .*talk\.mp3: Expected one of (de, ){98}de,$/);
});

test('where no job waits or runs, the way to the others is told', async () => {
  routes['GET /v1/jobs'] = () => ({ jobs: [job('aaaaaaaa-1', 'done')] });
  const { stdout, stderr } = await hearth('jobs');
  expect([stdout, stderr]).toEqual([
    '',
    'No job is waiting or running. `hearth jobs --all` lists 1 job that has ended.\n',
  ]);
});

const decoded = (...texts: readonly string[]) => {
  const segments = texts.map((each, index) => segment(index, index + 1, ` ${each}`));
  return [
    { type: 'segments-decoded', segments, processedSeconds: texts.length },
    { type: 'job-done', result: transcript(segments) },
  ] as const;
};

test('a job is followed by the beginning of its id', async () => {
  routes['GET /v1/jobs'] = () => ({ jobs: [job('abc-1', 'running'), job('abd-2', 'queued')] });
  routes['GET /v1/jobs/abc-1/events'] = () => jobEvents(...decoded('Hello.', 'There.'));
  expect(await hearth('jobs', 'follow', 'abc')).toEqual({ stdout: 'Hello.\nThere.\n', stderr: '', code: 0 });
  const several = await hearth('jobs', 'follow', 'ab');
  expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('2 jobs have ids that start with ab.')]);
  expect(await hearth('jobs', 'follow', 'x')).toMatchObject({
    code: 1,
    stderr: 'hearth: No job has an id that starts with x. See `hearth jobs --all`.\n',
  });
  expect(await hearth('jobs', 'follow', '')).toMatchObject({
    code: 2,
    stderr: 'hearth: The id is empty. See `hearth jobs --all`.\n',
  });
});

test('several jobs are followed one after the other, and one without speech says so', async () => {
  routes['GET /v1/jobs'] = () => ({ jobs: [job('abc-1', 'running'), job('abd-2', 'queued')] });
  routes['GET /v1/jobs/abc-1/events'] = () => jobEvents({ type: 'job-done', result: transcript([]) });
  routes['GET /v1/jobs/abd-2/events'] = () => jobEvents(...decoded('Hello.'));
  expect(await hearth('jobs', 'follow', 'abc-1', 'abd-2')).toEqual({
    ...{ stdout: 'Hello.\n', stderr: 'hearth: abc-1: no speech found\n', code: 0 },
  });
});

test('the warnings of a job and of its transcript are shown at its end, and in lists', async () => {
  const warning = 'Its transcript is not in the history yet. The disk is full.';
  const warned = job('abc-1', 'done', { name: 'talk.mp3', warnings: [warning] });
  routes['GET /v1/jobs'] = () => ({ jobs: [warned] });
  routes['GET /v1/jobs/abc-1'] = () => warned;
  const result = transcript([segment(0, 1, ' Hello.')], ['The recording is damaged.', 'It is very quiet.']);
  routes['GET /v1/jobs/abc-1/events'] = () => jobEvents({ type: 'job-done', result });
  expect((await hearth('jobs', 'follow', 'abc')).stderr.split('\n')).toEqual([
    'hearth: abc-1: The recording is damaged.',
    'hearth: abc-1: It is very quiet.',
    `hearth: abc-1: ${warning}`,
    '',
  ]);
  expect((await hearth('jobs', '--all')).stdout).toContain(`talk.mp3: ${warning}\n`);
});

test('a daemon that goes away while a job is followed is told, with its own exit code', async () => {
  routes['GET /v1/jobs'] = () => ({ jobs: [job('abc-1', 'running')] });
  for (const goAway of [
    (response: ServerResponse) => response.end(),
    (response: ServerResponse) => response.destroy(),
  ]) {
    routes['GET /v1/jobs/abc-1/events'] = (_, response) =>
      void response.write(jobEvents({ type: 'job-started' }), () => goAway(response));
    const { stderr, code } = await hearth('jobs', 'follow', 'abc');
    expect(stderr).toMatch(/^hearth: The (daemon went away|connection to the daemon was lost).*`hearth logs`.*\n$/);
    expect(code).toBe(69);
  }
});

test('a job is cancelled', async () => {
  routes['GET /v1/jobs'] = () => ({ jobs: [job('abc-1', 'queued')] });
  routes['DELETE /v1/jobs/abc-1'] = () => job('abc-1', 'cancelled');
  expect(await hearth('jobs', 'cancel', 'abc')).toEqual({ stdout: '', stderr: 'abc-1: cancelled\n', code: 0 });
});

function serveHistory(): void {
  const entry = (id: string, seq: number, name: string | null) => ({
    ...{ id, seq, name, createdAt: '2026-01-01T12:00:00.000Z', durationSeconds: 61.6, language: 'en' },
    ...{ task: 'transcribe', model: 'base', excerpt: `text of ${id}` },
  });
  routes['GET /v1/history'] = (request) =>
    request.url?.includes('before=2')
      ? { entries: [entry('bbb-1', 1, null)], nextBefore: null, total: 2 }
      : { entries: [entry('aaa-2', 2, '../a/b:c.mp3')], nextBefore: 2, total: 2 };
  routes['GET /v1/history/aaa-2'] = () => kept('aaa');
  routes['GET /v1/history/bbb-1'] = () => kept('bbb');
}

function kept(text: string, warnings: readonly string[] = []) {
  return { options: {}, result: transcript([segment(0, 1, ` ${text}`)], warnings) };
}

test('the history is searched page by page', async () => {
  serveHistory();
  const { stdout } = await hearth('history', 'ask not', 'country');
  expect(stdout.split('\n')).toEqual([
    'ID     CREATED (Asia/Tokyo)  LENGTH  LANGUAGE  TEXT',
    'aaa-2  2026-01-01 21:00      1:02    en        ../a/b:c.mp3: text of aaa-2',
    'bbb-1  2026-01-01 21:00      1:02    en        text of bbb-1',
    '',
  ]);
  expect(asked).toContain('GET /v1/history?limit=200&query=%22ask+not%22+country');
  expect(JSON.parse((await hearth('history', '--json', '--limit', '1')).stdout)).toHaveLength(1);
});

test('a list of some says of how many, and one of none what was looked for', async () => {
  serveHistory();
  expect((await hearth('history', '-n', '1')).stderr).toBe('1 of 2. -n 2 lists all.\n');
  expect((await hearth('history', '-n', '2')).stderr).toBe('');
  expect((await hearth('history', '-n', '1', 'text')).stderr).toBe('The newest 1 matches. -n 5 lists more.\n');
  routes['GET /v1/history'] = () => ({ entries: [], nextBefore: null, total: 0 });
  expect((await hearth('history', 'quarterly')).stderr).toBe('No transcript contains "quarterly".\n');
  expect((await hearth('history', 'a b', 'c')).stderr).toBe('No transcript contains all of "a b", "c".\n');
  expect((await hearth('history')).stderr).toBe('No transcripts.\n');
});

test('transcripts of the past are shown and exported in every format', async () => {
  serveHistory();
  expect((await hearth('history', 'show', 'bbb', '--format', 'srt')).stdout).toBe(
    '1\n00:00:00,000 --> 00:00:01,000\nbbb\n\n',
  );
  expect((await hearth('history', 'export', 'out', '-f', 'vtt')).stderr).toBe('2 files written to out.\n');
  expect(await readdir(join(daemon.home, 'out'))).toEqual(['2026-01-01 b_c aaa-2.vtt', '2026-01-01 bbb-1.vtt']);
  expect(await readFile(join(daemon.home, 'out', '2026-01-01 bbb-1.vtt'), 'utf8')).toBe(
    'WEBVTT\n\n00:00.000 --> 00:01.000\nbbb\n\n',
  );
});

test('a transcript of the past is shown with its warnings', async () => {
  serveHistory();
  routes['GET /v1/history/bbb-1'] = () => kept('bbb', ['The recording is damaged.']);
  expect(await hearth('history', 'show', 'bbb')).toEqual({
    ...{ stdout: 'bbb\n', stderr: 'hearth: bbb-1: The recording is damaged.\n', code: 0 },
  });
});

test('two transcripts are not run together into one document', async () => {
  serveHistory();
  for (const format of ['srt', 'vtt', 'tsv']) {
    const { stdout, stderr, code } = await hearth('history', 'show', 'aaa', 'bbb', '-f', format);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain(`Expected one transcript for ${format}, got 2.`);
  }
  expect((await hearth('history', 'show', 'aaa', 'bbb')).stdout).toBe('aaa\nbbb\n');
});

test('an export keeps what is there, saves long names, and goes on after one that fails', async () => {
  const entry = (id: string, name: string) => ({ id, name, createdAt: '2026-01-01T12:00:00.000Z', excerpt: '' });
  const entries = [
    entry('aaaaaaaa-1', `${'日'.repeat(85)}.mp3`),
    entry('bbbbbbbb-2', 'gone.mp3'),
    entry('cccccccc-3', 'talk.mp3'),
  ];
  routes['GET /v1/history'] = () => ({ entries, nextBefore: null, total: 3 });
  routes['GET /v1/history/aaaaaaaa-1'] = () => kept('one');
  routes['GET /v1/history/cccccccc-3'] = () => kept('three');
  const first = await hearth('history', 'export', 'out');
  expect(first.code).toBe(1);
  expect(first.stderr).toMatch(/^hearth: gone\.mp3: .*\n2 files written to out, 1 failed\.\n$/);
  const names = [`2026-01-01 ${'日'.repeat(77)} aaaaaaaa.txt`, '2026-01-01 talk cccccccc.txt'];
  expect((await readdir(join(daemon.home, 'out'))).sort()).toEqual([...names].sort());
  await writeFile(join(daemon.home, 'out', names[1] as string), 'corrected');
  routes['GET /v1/history/bbbbbbbb-2'] = () => kept('two');
  expect(await hearth('history', 'export', 'out')).toMatchObject({
    ...{ stderr: '1 file written to out, 2 already there.\n', code: 0 },
  });
  expect(await readFile(join(daemon.home, 'out', names[1] as string), 'utf8')).toBe('corrected');
  const below = join('out', names[1] as string, 'more');
  expect(await hearth('export', below)).toMatchObject({
    code: 2,
    stderr: `hearth: Cannot write ${below}: a part of the path is not a folder. Name another folder.\n`,
  });
  const onFile = await hearth('history', 'export', join('out', names[1] as string));
  expect([onFile.code, onFile.stderr]).toEqual([2, expect.stringContaining('Expected a folder, got the file')]);
});

test('transcripts are deleted by id or all at once, and never by accident', async () => {
  serveHistory();
  routes['DELETE /v1/history/aaa-2'] = () => ({ deleted: 1 });
  routes['DELETE /v1/history'] = () => ({ deleted: 7 });
  expect((await hearth('history', 'delete', 'aaa')).stderr).toBe('1 transcript deleted.\n');
  expect((await hearth('history', 'delete', '--all')).stderr).toBe('7 transcripts deleted.\n');
  expect((await hearth('history', 'delete')).code).toBe(2);
  expect((await hearth('history', 'delete', '--all', 'aaa')).code).toBe(2);
});

test('models are listed, pulled, loaded, let go of and deleted', async () => {
  const model = {
    name: 'base',
    folder: '/m',
    source: 'embedded',
    byteCount: 42_000_000,
    isDefault: true,
    isResident: true,
    neededBytes: 299_000_000,
    fits: true,
  };
  routes['GET /v1/models'] = () => ({ models: [model] });
  expect((await hearth('models')).stdout).toBe(
    'NAME  SIZE   MEMORY  SOURCE\nbase  42 MB  299 MB  embedded, default, loaded\n',
  );
  routes['GET /v1/models'] = () => ({
    models: [{ ...model, isResident: false, neededBytes: 9_000_000_000, fits: false }],
  });
  expect((await hearth('models')).stdout).toContain('9000 MB  embedded, default, does not fit\n');
  routes['POST /v1/models/pull'] = () =>
    '{"type":"pull-progress","receivedBytes":1,"totalBytes":2}\n{"type":"pull-done","name":"o/n","folder":"/m"}\n';
  expect((await hearth('models', 'pull', 'o/n')).stderr).toContain('o/n is ready.');
  routes['POST /v1/models/load'] = async (request) => ({
    name: (JSON.parse(await text(request)) as { model: string }).model,
  });
  expect((await hearth('models', 'load', 'o/n')).stderr).toBe('o/n is loaded.\n');
  routes['POST /v1/models/unload'] = () => ({ status: 'unloaded' });
  expect((await hearth('models', 'unload')).code).toBe(0);
  expect((await hearth('models', 'unload', 'o/n')).stderr).toBe('o/n is not loaded any more.\n');
  routes['POST /v1/models/prune'] = () => ({ pruned: [{ name: 'o/n', revisions: ['a'], byteCount: 463_000_000 }] });
  expect((await hearth('models', 'prune')).stderr).toBe('o/n: deleted 1 earlier revision, 463 MB.\n');
  routes['DELETE /v1/models/o%2Fn'] = (_, response) => void response.writeHead(204).end();
  expect((await hearth('models', 'delete', 'o/n')).stderr).toBe('o/n is deleted.\n');
});

test('models in memory are listed with last use and expiry, within 80 columns', async () => {
  const nowMs = Date.now();
  const ago = (seconds: number) => new Date(nowMs - seconds * 1000).toISOString();
  const choices = ['One window is encoded in a pass.'];
  const model = { device: 'cpu', isInUse: false, isKept: false, expiresAt: null, lastUsedAt: ago(0), choices };
  const models = [
    { ...model, name: recommendedModelName, heldBytes: 1_706_000_000, isInUse: true },
    { ...model, name: 'base', heldBytes: 188_000_000, lastUsedAt: ago(185), isKept: true },
    { ...model, name: 'old', heldBytes: 1_000_000, lastUsedAt: ago(7300), expiresAt: ago(-7300) },
  ];
  const engine = {
    status: 'ready',
    processId: 1,
    memory: { residentBytes: 411_000_000, peakResidentBytes: 430_000_000, activeBytes: 5 },
  };
  const ps = { engine, models, memoryBudgetBytes: 8e9, server: { processId: 2, residentBytes: 1 } };
  routes['GET /v1/ps'] = () => ps;
  const { stdout } = await hearth('ps');
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^NAME +MEMORY +USED +UNLOADED$/);
  expect(lines[1]).toMatch(/^mlx-community\S+ +1706 MB +now +if needed$/);
  expect(lines[2]).toMatch(/^base +188 MB +3 min ago +never, kept$/);
  expect(lines[3]).toMatch(/^old +1 MB +2 h ago +in 2 h$/);
  expect(lines[5]).toBe('The engine takes 411 MB of 8000 MB that all models may take.');
  expect(lines[6]).toBe('At most it took 430 MB.');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect((await hearth('ps', '--choices')).stdout).toMatch(/\n\nbase\n- One window is encoded in a pass\.\n\nold\n- /);
  expect(JSON.parse((await hearth('ps', '--json')).stdout)).toEqual(ps);
  routes['GET /v1/ps'] = () => ({ ...ps, models: [], engine: { ...engine, memory: null }, memoryBudgetBytes: null });
  expect((await hearth('ps')).stdout).toBe('No model is in memory.\n');
});

test('models worth having are listed with their figures, and recommended with reasons', async () => {
  const machine = { device: 'gpu', memoryBytes: 16e9 } as const;
  const available = availableModels((name) => name === embeddedModelName, machine);
  const recommended = recommendModels(available, machine);
  routes['GET /v1/models?available=true'] = () => ({ models: [], available, recommended });
  const lines = (await hearth('models', 'list', '--available')).stdout.split('\n');
  expect(lines[0]).toMatch(/^NAME +HERE +DOWNLOAD +MEMORY +ERRORS +SPEED +LANGUAGES +TRANSLATES$/);
  expect(lines[1]).toMatch(/^whisper-base-4bit +yes +0 MB +\d+-\d+ MB +5\.10 % +7x +99 +yes$/);
  expect(lines.find((line) => line.includes('turbo-asr-4bit'))).toMatch(
    / no +463 MB +\d+-\d+ MB +2\.01 % +8x +100 +no$/,
  );
  expect((await hearth('models', 'recommend')).stdout).toMatch(
    /^For every day: mlx-community\S+\n {2}Fast and accurate on a GPU/m,
  );
  expect(JSON.parse((await hearth('models', 'recommend', '--json')).stdout)).toEqual(recommended);
});

test('a pull that fails says why', async () => {
  const error = { code: 'HUB_UNREACHABLE', message: 'Expected the Hub, got none.', hint: 'Check the network.' };
  routes['POST /v1/models/pull'] = () => `${JSON.stringify({ type: 'pull-failed', error })}\n`;
  expect(await hearth('models', 'pull', 'o/n')).toMatchObject({
    code: 1,
    stderr: 'hearth: Expected the Hub, got none. Check the network.\n',
  });
});

test('recordings are handed over without waiting for them', async () => {
  routes['POST /v1/transcriptions'] = async (request, response) => {
    response.writeHead(202);
    return { id: `job-of-${await text(request)}`, warnings: ['The disk is almost full.'] };
  };
  await writeFile(join(daemon.home, 'a.wav'), 'sound');
  expect(await hearth('transcribe', '--detach', 'a.wav', '--language', 'de')).toEqual({
    ...{ stdout: 'job-of-sound\n', stderr: 'hearth: a.wav: The disk is almost full.\n', code: 0 },
  });
  expect(asked).toContain('POST /v1/transcriptions?language=de&detach=true&name=a.wav');
});

test('a daemon of another version is told, once', async () => {
  routes['POST /v1/transcriptions'] = async (request, response) => {
    await text(request);
    response.setHeader('hearth-version', '0.0.1');
    return jobEvents({ type: 'job-done', result: transcript([segment(0, 1, ' Hello.')]) });
  };
  for (const name of ['a.wav', 'b.wav']) await writeFile(join(daemon.home, name), 'sound');
  const { stderr } = await hearth('transcribe', 'a.wav', 'b.wav');
  expect(stderr).toMatch(
    /^hearth: The daemon is Hearth 0\.0\.1, but this is \d+\.\d+\.\d+\. Run `hearth restart`.*\n2 done\n$/,
  );
});

const line = (msg: string) =>
  `${JSON.stringify({ level: 30, time: '2026-01-01T20:00:00.000Z', processId: 1, jobId: 'j', ms: 81.5981380000012, msg })}\n`;

test('the log is shown for people, its last lines first', async () => {
  await mkdir(join(daemon.home, 'logs'));
  await writeFile(join(daemon.home, 'logs', 'hearth.log.1'), line('oldest') + line('older'));
  await writeFile(join(daemon.home, 'logs', 'hearth.log'), `${line('new')}no JSON\x1b[2J\n`);
  const { stdout } = await hearth('logs', '--lines', '3');
  expect(stdout.split('\n')).toEqual([
    '2026-01-02 05:00:00+09:00 info  older jobId=j ms=81.598',
    '2026-01-02 05:00:00+09:00 info  new jobId=j ms=81.598',
    String.raw`no JSON\x1b[2J`,
    '',
  ]);
});

test('the log is followed, also when it begins anew', async () => {
  const file = join(daemon.home, 'logs', 'hearth.log');
  await mkdir(join(daemon.home, 'logs'));
  await writeFile(file, line('first'));
  const child = spawnHearth('logs', '--follow');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  expect(await next()).toContain('first');
  await appendFile(file, line('second'));
  expect(await next()).toContain('second');
  await rename(file, `${file}.1`);
  await writeFile(file, line('third'));
  expect(await next()).toContain('third');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  expect(await exited).toBe(0);
});

test('without a log there is a word on how it comes about', async () => {
  expect((await hearth('logs')).stderr).toContain('The daemon creates it');
});

test('the doctor finds nothing wrong with a daemon that is well', async () => {
  const { stdout, code } = await hearth('doctor');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {4}Daemon {6}0\.1\.0, pid \d+$/m);
  expect(stdout).toMatch(/^ok {4}Engine {6}ready, whisper-base-4bit$/m);
  expect(stdout).not.toContain('FAIL');
});

test('the doctor names what is wrong and what to do', async () => {
  await writeFile(join(daemon.home, 'settings.json'), '{"modle": "x"}');
  const lastError = { code: 'MODEL_INVALID', message: 'Expected weights, got none.', hint: 'Get another model.' };
  const engine = { ...health.engine, status: 'failed', model: null, lastError };
  routes['GET /v1/health'] = () => ({ ...health, version: '0.0.1', status: 'degraded', engine });
  const { stdout, code } = await hearth('doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL {2}Settings {4}Expected one of .*\n {18}Did you mean model\?$/m);
  expect(stdout).toMatch(/^warn {2}Daemon {6}0\.0\.1 is running, 0\.1\.0 is installed\n {18}Run `hearth restart`\.$/m);
  expect(stdout).toMatch(/^FAIL {2}Engine {6}failed: Expected weights, got none\.\n {18}Get another model\.$/m);
});

test('the doctor leaves nothing out that the daemon says of itself', async () => {
  const problems = [{ code: 'MODEL_NOT_FOUND', message: 'The model base is gone.', hint: 'Pull it again.' }];
  const warnings = ['The history cannot be written.'];
  routes['GET /v1/health'] = () => ({ ...health, version: '0.0.1', status: 'degraded', problems, warnings });
  const { stdout } = await hearth('doctor');
  for (const said of ['0.0.1 is running', 'hearth restart', 'base is gone', 'Pull it again', 'history cannot']) {
    expect(stdout).toContain(said);
  }
});

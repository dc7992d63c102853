import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { listJobs } from '../../daemon/src/client/jobs.ts';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { wavOf } from '../engine/support/wav-of.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { makeHome, type RunningDaemon, runToEnd, startDaemon } from './support/start-daemon.ts';

const jfk = pathOf('assets/samples/jfk.flac');
let daemon: RunningDaemon;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-input-'));
  daemon = await startDaemon({ environment: eachWindowOnce });
});

afterAll(async () => {
  await daemon.stop();
  await rm(folder, { recursive: true });
});

/** Whatever was sent: the daemon lives and nothing of it is left. */
afterEach(async () => {
  expect((await daemon.ask({ path: '/v1/health' })).status).toBe(200);
  expect(await daemon.spooled()).toEqual([]);
});

function post(body: string | Uint8Array | Readable, query = '') {
  return daemon.ask({ path: `/v1/transcriptions${query}`, body });
}

function postPath(path: string) {
  return daemon.ask({
    path: '/v1/transcriptions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  });
}

function silence(seconds: number): Buffer {
  return wavOf(() => 0, seconds * 16_000);
}

test('an empty body is refused', async () => {
  const answer = await post('');
  expect([answer.status, answer.errorCode]).toEqual([422, 'AUDIO_EMPTY']);
});

test('a chunked body that turns out empty is refused', async () => {
  const answer = await post(Readable.from([]));
  expect([answer.status, answer.errorCode]).toEqual([422, 'AUDIO_EMPTY']);
});

test('a recording without samples is refused', async () => {
  const answer = await post(silence(0));
  expect([answer.status, answer.errorCode]).toEqual([422, 'AUDIO_EMPTY']);
});

test('a text file is refused by what it is', async () => {
  const answer = await post(readFileSync(pathOf('package.json')));
  expect([answer.status, answer.errorCode]).toEqual([415, 'AUDIO_UNSUPPORTED']);
  expect(answer.text).toContain('got text');
});

test('what a cut recording still holds is transcribed, and the damage said', async () => {
  const whole = readFileSync(jfk);
  const answer = await post(whole.subarray(0, whole.length / 2));
  const { text, warnings, duration } = answer.json<Transcript>();
  expect(answer.status).toBe(200);
  expect(text).toMatch(/fellow Americans/);
  expect(duration).toBeLessThan(11);
  expect(warnings).toEqual([expect.stringContaining('damaged')]);
});

test('a recording without speech says so, and claims no language', async () => {
  expect((await post(silence(3))).json<Transcript>()).toMatchObject({
    text: '',
    language_probability: 0,
    language_probabilities: null,
    warnings: ['No speech was found.'],
    warning_codes: ['no-speech'],
  });
});

test('ten minutes of silence give no text', async () => {
  const answer = await post(silence(600));
  expect(answer.status).toBe(200);
  expect(answer.json<Transcript>()).toMatchObject({ text: '', segments: [], duration: 600 });
});

test.each([
  ['a folder', () => folder, 400, 'FILE_IS_DIRECTORY'],
  ['no file at all', () => join(folder, 'nowhere.wav'), 404, 'FILE_NOT_FOUND'],
  ['a relative path', () => 'jfk.flac', 400, 'REQUEST_INVALID'],
  ['a device', () => '/dev/zero', 400, 'REQUEST_INVALID'],
])('%s as a path is refused', async (_, path, status, code) => {
  const answer = await postPath(path());
  expect([answer.status, answer.errorCode]).toEqual([status, code]);
});

test('a path that the daemon may not read is refused with the way out', async () => {
  // Root reads everything, so that the daemon runs as another user when the tests run as root.
  const locked = join(folder, 'locked.wav');
  await writeFile(locked, silence(1));
  await chmod(locked, 0o000);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) {
    const answer = await postPath(locked);
    expect([answer.status, answer.errorCode]).toEqual([403, 'FILE_NOT_PERMITTED']);
    return;
  }
  const script = `
    import { takeFile } from ${JSON.stringify(pathOf('daemon/dist/server/http/receive-recording.js'))};
    process.setgid(65534);
    process.setuid(65534);
    const spool = { adopt: async () => null };
    await takeFile(spool, process.argv[1], { durable: false }).catch((error) => console.log(error.code));`;
  await chmod(folder, 0o755);
  const asNobody = spawnSync(process.execPath, ['--input-type=module', '-e', script, locked], { encoding: 'utf8' });
  expect(asNobody.stdout.trim()).toBe('FILE_NOT_PERMITTED');
});

test('an unknown option is refused with the closest known one', async () => {
  const answer = await post(readFileSync(jfk), '?langauge=en');
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
  expect(answer.text).toContain('Did you mean language?');
});

test('a value that an option does not take is refused with those it takes', async () => {
  const answer = await post(readFileSync(jfk), '?task=summarize');
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
  expect(answer.text).toMatch(/task.*transcribe, translate.*summarize/);
});

test('a language that Whisper lacks is refused', async () => {
  const answer = await post(readFileSync(jfk), '?language=klingon');
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
});

test.each(['de-AT', 'deu', 'Deutsch'])('language %s is taken for German', async (language) => {
  const answer = await post(readFileSync(jfk), `?language=${language}`);
  expect(answer.json<Transcript>()).toMatchObject({ language: 'de', language_probability: null });
});

test.each(['auto', 'C.UTF-8', 'und', ''])('language %p is detected', async (language) => {
  const answer = await post(readFileSync(jfk), `?language=${language}`);
  expect(answer.json<Transcript>()).toMatchObject({
    language: 'en',
    language_probability: expect.closeTo(1, 0),
  });
});

test('a language of later models is refused by the one that lacks it', async () => {
  const answer = await post(readFileSync(jfk), '?language=zh-yue');
  expect([answer.status, answer.errorCode]).toEqual([422, 'MODEL_UNABLE']);
  expect(answer.text).toContain('a model that writes Cantonese');
});

test.each([
  ['5', '2', 'got 5,2'],
  ['0', '0', 'got 0,0'],
  ['20', '30', 'got 20,30 in one of 11.0 s'],
])('parts from %s to %s are refused by name', async (start, end, said) => {
  const answer = await post(readFileSync(jfk), `?clipTimestamps=${start}&clipTimestamps=${end}`);
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
  expect(answer.text).toContain(said);
});

test.each([113, 450, 1500])('a prefix of %d words is refused with the limit, and the engine goes on', async (count) => {
  const prefix = 'word '.repeat(count);
  const answer = await post(readFileSync(jfk), `?prefix=${encodeURIComponent(prefix)}`);
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
  expect(answer.text).toMatch(/Expected prefix to have at most 112 tokens, got /);
  expect((await readHealth(daemon)).engine).toMatchObject({ status: 'ready', restarts: 0 });
});

test('a prompt and hot words without an end are shortened, and the result says so', async () => {
  const endless = encodeURIComponent('word '.repeat(600));
  const answer = await post(readFileSync(jfk), `?language=en&initialPrompt=${endless}&hotwords=${endless}`);
  const { text, warnings, warning_codes: codes } = answer.json<Transcript>();
  expect(text).toMatch(/country can do for you/i);
  expect(codes).toEqual(['initial-prompt-shortened', 'hotwords-shortened']);
  expect(warnings.join(' ')).toMatch(/only its last \d+ are used.*only the first \d+ are used/);
});

test('an unknown model is refused with the known ones', async () => {
  const answer = await post(readFileSync(jfk), '?model=whisper-base-4bitt');
  expect([answer.status, answer.errorCode]).toEqual([404, 'MODEL_NOT_FOUND']);
  expect(answer.text).toContain('whisper-base-4bit');
});

test('an upload that is larger than allowed is refused before it is sent', async () => {
  const answer = await daemon.ask({
    path: '/v1/transcriptions',
    headers: { 'content-length': 8 * 1024 ** 3 },
    body: new Readable({ read: () => undefined }),
  });
  expect([answer.status, answer.errorCode]).toEqual([413, 'AUDIO_TOO_LARGE']);
});

test('a claim of 2 GB with 10 bytes behind it leaves no job and no file', async () => {
  const before = (await listJobs(daemon)).length;
  const socket = connect(daemon.socketPath);
  socket.write('POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000000\r\n\r\n0123456789');
  while ((await daemon.spooled()).length === 0) await delay(10);
  socket.destroy();
  while ((await daemon.spooled()).length > 0) await delay(10);
  expect(await listJobs(daemon)).toHaveLength(before);
});

test.each([
  ['bytes that are no HTTP', 'hello\r\n\r\n', '400 Bad Request'],
  ['endless headers', `GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
])('%s are answered and let go', async (_, bytes, status) => {
  const socket = connect(daemon.socketPath);
  socket.write(bytes);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain(status);
  expect(String(answer)).toContain('REQUEST_INVALID');
  socket.destroy();
});

test.each([[{ origin: 'https://example.com' }], [{ 'sec-fetch-site': 'cross-site' }], [{ host: 'example.com' }]])(
  'a web page is refused: %j',
  async (headers) => {
    const answer = await daemon.ask({ path: '/v1/health', headers });
    expect([answer.status, answer.errorCode]).toEqual([403, 'REQUEST_REFUSED']);
  },
);

test('an unknown route and an unknown job are told apart', async () => {
  expect((await daemon.ask({ path: '/v2/transcriptions' })).errorCode).toBe('ROUTE_NOT_FOUND');
  expect((await daemon.ask({ path: '/v1/jobs/none' })).errorCode).toBe('JOB_NOT_FOUND');
});

test('a second daemon in the same home leaves at once, and the first goes on', async () => {
  const second = await runToEnd(daemon.home);
  expect(second).toEqual({ code: 0, output: expect.stringContaining('running already') });
});

test('two daemons that start at once become one', async () => {
  const home = await makeHome();
  const starts = await Promise.allSettled([startDaemon({ home }), startDaemon({ home })]);
  const alive = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const gone = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
  for (const reason of gone) expect(reason).toMatch(/exit code 0.*running already/s);
  const processIds = await Promise.all(alive.map(async (each) => (await readHealth(each)).processId));
  expect(new Set(processIds).size).toBe(1);
  const winner = alive.find(({ child }) => child.pid === processIds[0]) as RunningDaemon;
  // One that is slow to look would find the place free once the winner has left it.
  const losers = alive.filter((each) => each !== winner);
  expect(await Promise.all(losers.map(({ exited }) => exited))).toEqual(losers.map(() => 0));
  expect(await winner.stop()).toBe(0);
});

test('a socket whose daemon was killed makes way', async () => {
  const home = await makeHome();
  const first = await startDaemon({ home });
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect(existsSync(first.socketPath)).toBe(true);
  const second = await startDaemon({ home });
  expect((await second.ask({ path: '/v1/health' })).status).toBe(200);
  expect(await second.stop()).toBe(0);
  expect(existsSync(second.socketPath)).toBe(false);
});

test('what a killed daemon left in the spool is swept', async () => {
  const home = await makeHome();
  await mkdir(join(home, 'spool'), { recursive: true });
  await writeFile(join(home, 'spool', randomUUID()), 'over');
  await writeFile(join(home, 'spool', 'letter.txt'), 'somebody’s');
  const started = await startDaemon({ home });
  expect(await started.spooled()).toEqual(['letter.txt']);
  await started.stop();
});

test('a home that cannot be written is told, and is not tried again', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const { code, output } = await runToEnd(join(file, 'home'));
  expect(code).toBe(78);
  expect(output).toContain('HOME_NOT_WRITABLE');
});

test('under launchd, which restarts every failure, what no restart cures is a wanted end', async () => {
  const home = await makeHome();
  await writeFile(join(home, 'settings.json'), '{"maxQueuedJobs":"many"}');
  const { code, output } = await runToEnd(home, { HEARTH_SERVICE_MANAGER: 'launchd' });
  expect(code).toBe(0);
  expect(output).toMatch(/maxQueuedJobs.* \(SETTINGS_INVALID\)\n.+\n$/);
});

test('a home too deep for a socket is told', async () => {
  const home = join(folder, 'x'.repeat(110));
  const { code, output } = await runToEnd(home);
  expect([code, output]).toEqual([78, expect.stringContaining('SOCKET_PATH_TOO_LONG')]);
});

test.each([
  ['a key that is none', '{"modle":"base"}', /modle/],
  ['a value of the wrong kind', '{"maxQueuedJobs":"many"}', /maxQueuedJobs/],
  ['no JSON', 'model = base', /settings.json/],
])('settings with %s are told', async (_, settings, expected) => {
  const home = await makeHome();
  await writeFile(join(home, 'settings.json'), settings);
  const { code, output } = await runToEnd(home);
  expect(code).toBe(78);
  expect(output).toContain('SETTINGS_INVALID');
  expect(output).toMatch(expected);
  await rm(home, { recursive: true });
});

test('an upload that would fill the disk is refused, and said so', async () => {
  const full = await startDaemon({ environment: { HEARTH_MIN_FREE_DISK_BYTES: String(2 ** 50) } });
  const answer = await full.ask({ path: '/v1/transcriptions', body: createReadStream(jfk) });
  expect([answer.status, answer.errorCode]).toEqual([507, 'DISK_FULL']);
  expect(await full.spooled()).toEqual([]);
  await full.stop();
});

test('a full queue says when to come back', async () => {
  const busy = await startDaemon({ environment: { HEARTH_MAX_QUEUED_JOBS: '1' } });
  const submit = () => busy.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(jfk) });
  const answers = [await submit(), await submit(), await submit()];
  const refused = answers.find(({ status }) => status === 503);
  expect(refused?.errorCode).toBe('QUEUE_FULL');
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  await busy.stop();
});

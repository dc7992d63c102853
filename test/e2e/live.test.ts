import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readResidency } from '../../daemon/src/client/health.ts';
import { getTranscript, searchHistory } from '../../daemon/src/client/history.ts';
import { cancelJob, followJob, getJob } from '../../daemon/src/client/jobs.ts';
import { continueLive, transcribeLive, warmModel } from '../../daemon/src/client/live.ts';
import { loadModel, unloadModel } from '../../daemon/src/client/models.ts';
import type { JobEvent } from '../../daemon/src/protocol/job-events.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';
import { keys, openTerminal } from './support/terminal.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
/** 8.7 s of speech, 16 kHz, one channel. */
const wav = readFileSync(pathOf('test/fixtures/audio/librispeech_1995-1837-0001.wav'));
const headerBytes = 44;
const bytesPerSecond = 32_000;
const samples = wav.subarray(headerBytes);
const firstPart = samples.subarray(0, 4 * bytesPerSecond);
const secondPart = samples.subarray(firstPart.length);
const raw = 'live=true&rate=16000';

let daemon: RunningDaemon;
let textOfFile: string;

beforeAll(async () => {
  daemon = await startDaemon();
  textOfFile = (await daemon.ask({ path: '/v1/transcriptions', body: wav })).json<{ text: string }>().text;
});

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
});

type Events = AsyncGenerator<JobEvent>;

async function nextOf<Type extends JobEvent['type']>(events: Events, type: Type) {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`Expected an event ${type}, got none.`);
    if (value.type === type) return value as Extract<JobEvent, { type: Type }>;
  }
}

/** The committed text of the rest of a session, and its result. */
async function readRest(events: Events) {
  let committed = '';
  for await (const event of events) {
    if (event.type === 'text-committed') committed += event.text;
    if (event.type === 'job-done') return { committed, result: event.result };
  }
  throw new Error('Expected the end of a session, got none.');
}

test('text comes while the sound is still sent, and what is committed is what the file says', async () => {
  const audio = new PassThrough();
  const events = transcribeLive(daemon, { audio, options: { rate: 16_000 }, name: 'microphone' });
  audio.write(firstPart);
  const { startSeconds, text: tentative, jobId } = await nextOf(events, 'text-tentative');
  expect(startSeconds).toBeLessThan(1);
  expect(tentative).not.toBe('');
  const running = await getJob(daemon, jobId);
  expect(running).toMatchObject({ state: 'running', name: 'microphone', receivedBytes: firstPart.length });
  audio.end(secondPart);
  const { committed, result } = await readRest(events);
  expect(committed).toBe(result.text);
  expect(result.text).toBe(textOfFile);
  expect((await getTranscript(daemon, jobId)).result.text).toBe(textOfFile);
  expect(await daemon.spooled()).toEqual([]);
});

test('curl sends a pipe, and answers in any format at the end', async () => {
  const query = 'live=true&format=srt&language=en';
  const target = `http://localhost/v1/transcriptions?${query}`;
  const curl = spawn('curl', ['-sN', '-X', 'POST', '-T', '-', '--unix-socket', daemon.socketPath, target]);
  curl.stdin.end(wav);
  expect(await text(curl.stdout)).toMatch(/^1\n00:00:00,\d+ --> .*\n.*first great sorrow/);
});

test('nothing is lost when the client and the engine go in the middle, and the client goes on where it was', async () => {
  const audio = new PassThrough();
  const events = transcribeLive(daemon, { audio, options: { rate: 16_000 } });
  audio.write(firstPart);
  const { jobId } = await nextOf(events, 'text-tentative');
  await events.return(undefined);
  const { engine } = await readResidency(daemon);
  process.kill(engine.processId ?? 0, 'SIGKILL');
  const { receivedBytes } = await getJob(daemon, jobId);
  expect(receivedBytes).toBe(firstPart.length);
  async function* again() {
    // The last second is sent once more, as a client does that does not know how much has arrived.
    yield samples.subarray(firstPart.length - bytesPerSecond);
  }
  const rest = continueLive(daemon, { jobId, offset: firstPart.length - bytesPerSecond, audio: again() });
  const { result } = await readRest(rest);
  expect(result.text).toBe(textOfFile);
});

test('a session goes on after all processes were stopped for a while', async () => {
  const audio = new PassThrough();
  const events = transcribeLive(daemon, { audio, options: { rate: 16_000 } });
  audio.write(firstPart);
  await nextOf(events, 'text-tentative');
  const { engine } = await readResidency(daemon);
  const processIds = [daemon.child.pid ?? 0, engine.processId ?? 0];
  for (const processId of processIds) process.kill(processId, 'SIGSTOP');
  audio.end(secondPart);
  for (const processId of processIds) process.kill(processId, 'SIGCONT');
  expect((await readRest(events)).result.text).toBe(textOfFile);
});

test('a cancelled session ends, and so does one whose sound is none', async () => {
  const audio = new PassThrough();
  const events = transcribeLive(daemon, { audio, options: { rate: 16_000 } });
  audio.write(firstPart);
  const { jobId } = await nextOf(events, 'job-started');
  await cancelJob(daemon, jobId);
  await expect(readRest(events)).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
  const answer = await daemon.ask({
    path: '/v1/transcriptions?live=true',
    body: 'This is no sound, whatever it says.',
  });
  expect(answer.text).toContain('AUDIO_UNSUPPORTED');
  expect(await daemon.spooled()).toEqual([]);
});

test.each([
  [`${raw}&detach=true`, /Expected live or detach/],
  [`${raw}&clipTimestamps=1`, /Expected no clipTimestamps/],
  ['rate=16000', /Expected `live` beside rate/],
  ['live=true&channels=2', /Expected `rate` beside channels/],
])('refuses %s', async (query, message) => {
  const answer = await daemon.ask({ path: `/v1/transcriptions?${query}`, body: samples });
  expect(answer.status).toBe(400);
  expect(answer.errorCode).toBe('OPTION_INVALID');
  expect(answer.text).toMatch(message);
});

test('a recording that is complete takes no more sound', async () => {
  const { json } = await daemon.ask({ path: '/v1/jobs' });
  const [job] = json<{ jobs: { id: string; receivedBytes: number | null }[] }>().jobs;
  expect(job?.receivedBytes).toBeNull();
  const answer = await daemon.ask({ path: `/v1/jobs/${job?.id}/audio?offset=0`, body: samples });
  expect(answer.errorCode).toBe('REQUEST_INVALID');
});

test('`hearth transcribe --live` prints committed lines in a pipe', async () => {
  const command = spawn(process.execPath, [cliModule, 'transcribe', '--live', '-'], {
    env: { ...process.env, HEARTH_HOME: daemon.home },
  });
  command.stdin.end(wav);
  const [out, error, [code]] = await Promise.all([text(command.stdout), text(command.stderr), once(command, 'close')]);
  expect({ error, code }).toEqual({ error: '', code: 0 });
  expect(out.replaceAll('\n', ' ').trim()).toBe(textOfFile.trim());
});

test('on a terminal, what is not committed yet is dimmed on the last line, and Ctrl-C ends the sound', async () => {
  const pipe = join(daemon.home, 'microphone');
  await promisify(execFile)('mkfifo', [pipe]);
  const terminal = openTerminal({
    command: ['sh', '-c', `cat ${pipe} | "$0" "$1" transcribe --live -`, process.execPath, cliModule],
    environment: { HEARTH_HOME: daemon.home, NO_COLOR: undefined },
  });
  const microphone = createWriteStream(pipe);
  microphone.on('error', () => undefined);
  microphone.write(Buffer.concat([wav.subarray(0, headerBytes), firstPart]));
  await terminal.until(({ screen }) => screen().some((line) => /first great/.test(line)));
  expect(terminal.written()).toContain('\x1b[2m');
  terminal.type(keys.controlC);
  await terminal.ended;
  expect(terminal.lines().join(' ')).toMatch(/^(\^C)?It was the first great sorrow/);
  expect(terminal.isCursorVisible()).toBe(true);
  microphone.destroy();
});

test('a model that is not loaded begins to load when a client says that it will need it', async () => {
  await unloadModel(daemon);
  await warmModel(daemon);
  const { engine } = (await daemon.ask({ path: '/v1/health' })).json<{ engine: { status: string } }>();
  expect(['starting', 'ready']).toContain(engine.status);
  await loadModel(daemon);
});

test('what came before the daemon was killed is transcribed by the next one', async () => {
  const first = await startDaemon();
  const audio = new PassThrough();
  const events = transcribeLive(first, { audio, options: { rate: 16_000 } });
  audio.write(samples);
  const { jobId } = await nextOf(events, 'text-tentative');
  first.child.kill('SIGKILL');
  await first.exited;
  await expect(events.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  const next = await startDaemon({ home: first.home });
  expect((await followJob(next, jobId)).text).toBe(textOfFile);
  expect(await next.stop()).toBe(0);
  await rm(first.home, { recursive: true, force: true });
});

test('sound that is cut off is told with the text, to its client and to the history', async () => {
  const small = await startDaemon({ environment: { HEARTH_MAX_UPLOAD_BYTES: '200000' } });
  const command = spawn(process.execPath, [cliModule, 'transcribe', '--live', '-'], {
    env: { ...process.env, HEARTH_HOME: small.home },
  });
  command.stdin.on('error', () => undefined);
  command.stdin.end(wav);
  const [out, error] = await Promise.all([text(command.stdout), text(command.stderr)]);
  expect(out).toMatch(/^It was the first great sorrow/);
  expect(error).toMatch('The sound was cut off.');
  const { entries } = await searchHistory(small);
  expect(await getTranscript(small, entries[0]?.id ?? '')).toMatchObject({
    result: { warnings: [expect.stringContaining('The sound was cut off.')], warning_codes: ['sound-cut-off'] },
  });
  expect(await small.stop()).toBe(0);
});

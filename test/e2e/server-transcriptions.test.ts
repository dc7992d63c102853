import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobEvent } from '../../daemon/src/protocol/job-events.ts';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';
import { withoutFiller } from './support/without-filler.ts';

const jfkText =
  'And so my fellow Americans ask not what your country can do for you, ask what you can do for your country?';
const jfk = pathOf('assets/samples/jfk.flac');
const long = pathOf('test/fixtures/audio/LJ001-long.mp3');

let daemon: RunningDaemon;

beforeAll(async () => {
  daemon = await startDaemon({ environment: eachWindowOnce });
});

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
});

test.each([
  ['text/plain', `${jfkText}\n`],
  ['application/x-subrip', `1\n00:00:00,000 --> 00:00:11,000\n${jfkText}\n\n`],
  ['text/vtt', `WEBVTT\n\n00:00.000 --> 00:11.000\n${jfkText}\n\n`],
  ['text/tab-separated-values', `start\tend\ttext\n0\t11000\t${jfkText}\n`],
])('a recording becomes %s', async (accept, expected) => {
  const answer = await daemon.ask({
    path: '/v1/transcriptions',
    headers: { accept },
    body: createReadStream(jfk),
  });
  expect([answer.status, withoutFiller(answer.text)]).toEqual([200, expected]);
  expect(answer.headers['content-type']).toContain(accept);
  expect(await daemon.spooled()).toEqual([]);
});

test('a JSON result carries segments, words, timings and the model', async () => {
  const answer = await daemon.ask({
    path: '/v1/transcriptions?wordTimestamps=true&language=english',
    body: createReadStream(jfk),
  });
  const transcript = answer.json<Transcript>();
  expect(transcript).toMatchObject({
    text: ` ${jfkText}`,
    language: 'en',
    language_probability: null,
    task: 'transcribe',
    duration: 11,
    model: 'whisper-base-4bit',
    warnings: [],
  });
  const words = transcript.segments.flatMap((segment) => segment.words ?? []);
  expect(words.map(({ word }) => word).join('')).toBe(` ${jfkText}`);
  expect(words.every(({ start, end }) => start <= end && end <= 11)).toBe(true);
});

test('a path is read where it lies', async () => {
  const answer = await daemon.ask({
    path: '/v1/transcriptions?format=txt',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: jfk }),
  });
  expect(withoutFiller(answer.text)).toBe(`${jfkText}\n`);
});

test('events tell a job from its place in the queue to its result, and again from any number on', async () => {
  const answer = await daemon.ask({
    path: '/v1/transcriptions',
    headers: { accept: 'application/x-ndjson' },
    body: createReadStream(jfk),
  });
  const events = answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JobEvent);
  const partials = events.flatMap((event) => (event.type === 'text-partial' ? [event.text] : []));
  const logged = events.flatMap((event) => ('seq' in event ? [event] : []));
  expect(partials.length).toBeGreaterThan(0);
  for (const text of partials) expect(` ${jfkText}`).toContain(text);
  expect(logged.map(({ type }) => type)).toEqual([
    'job-queued',
    'job-started',
    'audio-opened',
    'language-detected',
    'segments-decoded',
    'job-done',
  ]);
  expect(logged.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
  const again = await daemon.ask({ path: `/v1/jobs/${events[0]?.jobId}/events?from=4` });
  expect(again.text.trim().split('\n')).toEqual(logged.slice(4).map((event) => JSON.stringify(event)));
});

test('a job whose model has to be loaded first tells how that goes', async () => {
  await daemon.ask({ method: 'POST', path: '/v1/models/unload' });
  const answer = await daemon.ask({ path: '/v1/transcriptions?format=ndjson', body: createReadStream(jfk) });
  const lines = answer.text.trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as JobEvent);
  const types = events.map(({ type }) => type).filter((type) => type !== 'text-partial');
  expect([...new Set(types)]).toEqual([
    'job-queued',
    'job-started',
    'model-loading',
    'model-ready',
    'audio-opened',
    'language-detected',
    'segments-decoded',
    'job-done',
  ]);
  expect(events.find(({ type }) => type === 'model-loading')).toMatchObject({ model: 'whisper-base-4bit' });
});

test('a detached job is answered at once and can be followed to its end', async () => {
  const accepted = await daemon.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(jfk) });
  const { id } = accepted.json<{ id: string }>();
  expect(accepted.status).toBe(202);
  const followed = await daemon.ask({ path: `/v1/jobs/${id}/events` });
  expect(followed.text).toContain('"type":"job-done"');
  const looked = await daemon.ask({ path: `/v1/jobs/${id}` });
  expect(looked.json()).toMatchObject({ id, state: 'done', result: { text: ` ${jfkText}` } });
});

test('a running job is cancelled within a step, and leaves nothing', async () => {
  const accepted = await daemon.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(long) });
  const { id } = accepted.json<{ id: string }>();
  expect((await daemon.ask({ method: 'DELETE', path: `/v1/jobs/${id}` })).status).toBe(200);
  const followed = await daemon.ask({ path: `/v1/jobs/${id}/events` });
  expect(followed.text.trim().split('\n').at(-1)).toContain('"type":"job-cancelled"');
  expect(await daemon.spooled()).toEqual([]);
});

test('a client that goes away takes its attached job with it', async () => {
  const sent = request({
    socketPath: daemon.socketPath,
    method: 'POST',
    path: '/v1/transcriptions',
    headers: { host: 'localhost', accept: 'application/x-ndjson' },
  });
  createReadStream(long).pipe(sent);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const [first] = await once(response, 'data');
  const { jobId } = JSON.parse(String(first).split('\n')[0] as string) as JobEvent;
  sent.destroy();
  const followed = await daemon.ask({ path: `/v1/jobs/${jobId}/events` });
  expect(followed.text).toContain('"type":"job-cancelled"');
  expect(await daemon.spooled()).toEqual([]);
});

test('health and residency tell what is loaded', async () => {
  const health = await daemon.ask({ path: '/v1/health' });
  expect(health.json()).toMatchObject({ status: 'ok', engine: { status: 'ready', model: 'whisper-base-4bit' } });
  const residency = (await daemon.ask({ path: '/v1/ps' })).json<{ models: { name: string }[] }>();
  expect(residency.models).toMatchObject([{ name: 'whisper-base-4bit', device: 'cpu', quantizationBits: 4 }]);
});

test('the API document names the routes', async () => {
  const document = (await daemon.ask({ path: '/openapi.json' })).json<{ paths: object }>();
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/v1/transcriptions', '/v1/jobs/{id}', '/v1/health', '/v1/ps']),
  );
});

test('the files of a daemon are its owner’s alone', () => {
  const modes = [
    daemon.home,
    daemon.socketPath,
    `${daemon.home}/spool`,
    `${daemon.home}/logs/hearth.log`,
    `${daemon.home}/jobs.sqlite`,
    `${daemon.home}/history.sqlite`,
  ].map((path) => (statSync(path).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '600', '700', '600', '600', '600']);
});

test('no transcript and no prompt gets into the log', async () => {
  await daemon.ask({ path: '/v1/transcriptions?initialPrompt=Kubernetes', body: createReadStream(jfk) });
  const log = readFileSync(`${daemon.home}/logs/hearth.log`, 'utf8');
  expect(log).toContain('job ended');
  expect(log).not.toMatch(/Kubernetes|Americans/);
});

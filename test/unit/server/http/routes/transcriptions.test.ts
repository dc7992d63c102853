import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import { embeddedModelsFolder } from '../../../../../daemon/src/models/list-models.ts';
import type { JobEvent } from '../../../../../daemon/src/protocol/job-events.ts';
import type { LoadedModel } from '../../../../../daemon/src/protocol/residency.ts';
import { type Served, type ServeRequest, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

afterEach(async () => {
  expect((await served.ask({ path: '/v1/health' })).status).toBe(200);
  await served.close();
});

async function serve(request: ServeRequest = {}): Promise<void> {
  served = await serveStandIn(request);
}

function post(query = '', headers = {}) {
  return served.ask({ path: `/v1/transcriptions${query}`, body: 'sound', headers });
}

function eventsIn(text: string): JobEvent[] {
  const lines = text.trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

test('a recording reaches the engine with its options, and its text comes back as asked for', async () => {
  await serve();
  const answered = post('?language=de&wordTimestamps=true&temperature=0&temperature=0.5', { accept: 'text/plain' });
  const run = await served.nextRun();
  expect(run.task).toMatchObject({
    modelFolder: '/models/base',
    options: { language: 'de', wordTimestamps: true, temperature: [0, 0.5] },
  });
  expect(await served.spooled()).toHaveLength(1);
  run.finish(' hello');
  const answer = await answered;
  expect([answer.status, answer.text]).toEqual([200, 'hello\n']);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(await served.spooled()).toEqual([]);
});

test.each([
  [128, '', 'interactive'],
  [129, '', 'bulk'],
  [129, '&priority=interactive', 'interactive'],
])('a recording of %i parts%s is %s: each takes a window of the engine', async (parts, asked, priority) => {
  await serve();
  const clips = Array.from({ length: parts }, (_, index) => `clipTimestamps=${index}&clipTimestamps=${index + 0.5}`);
  const answered = post(`?${clips.join('&')}${asked}`);
  const run = await served.nextRun();
  run.finish('hello');
  expect(run.task.priority).toBe(priority);
  expect((await answered).status).toBe(200);
});

test('a job that fails answers with the status of its error, whatever was asked for', async () => {
  await serve();
  const answered = post('?format=srt');
  (await served.nextRun()).fail(new HearthError('AUDIO_UNSUPPORTED', 'Expected a recording, got text.'));
  const answer = await answered;
  expect([answer.status, answer.errorCode]).toEqual([415, 'AUDIO_UNSUPPORTED']);
  expect(answer.json()).toEqual({
    error: {
      code: 'AUDIO_UNSUPPORTED',
      message: 'Expected a recording, got text.',
      hint: 'Convert it to wav, flac, mp3, ogg or m4a.',
      type: 'invalid_request_error',
      param: null,
    },
  });
});

test('events come while the job runs, and its failure is the last of them', async () => {
  await serve();
  const sent = request({ socketPath: served.socketPath, method: 'POST', path: '/v1/transcriptions?format=ndjson' });
  sent.end('sound');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  (await served.nextRun()).fail(new HearthError('AUDIO_CORRUPT', 'Expected sound, got noise.'));
  const events = eventsIn((await response.toArray()).join(''));
  expect(events.map(({ type }) => type)).toEqual(['job-queued', 'job-started', 'job-failed']);
  expect(events.at(-1)).toMatchObject({ seq: 2, error: { code: 'AUDIO_CORRUPT' } });
});

test('the loading of the model that a job waits for is among its events', async () => {
  await serve();
  const answered = post('?format=ndjson');
  const run = await served.nextRun();
  run.say({ type: 'model-loading', modelFolder: '/models/base', progress: 0.5 });
  await new Promise((resolve) => setImmediate(resolve));
  run.say({ type: 'model-ready', model: { name: 'base' } as LoadedModel });
  run.finish('hello');
  const events = eventsIn((await answered).text);
  expect(events.map(({ type }) => type)).toEqual([
    'job-queued',
    'job-started',
    'model-loading',
    'model-ready',
    'job-done',
  ]);
  expect(events[2]).toMatchObject({ model: 'base', progress: 0.5 });
});

test('a job that another client cancels is told to the one that waits for it', async () => {
  await serve();
  const answered = post();
  const { jobId } = (await served.nextRun()).task;
  expect((await served.ask({ method: 'DELETE', path: `/v1/jobs/${jobId}` })).status).toBe(200);
  const answer = await answered;
  expect([answer.status, answer.errorCode]).toEqual([499, 'CANCELLED']);
});

test('a model is not deleted while a recording for it comes', async () => {
  const deleted: string[] = [];
  await serve({ models: { delete: async (name) => void deleted.push(name) } });
  const remove = () => served.ask({ method: 'DELETE', path: '/v1/models/base' });
  const sent = request({ socketPath: served.socketPath, method: 'POST', path: '/v1/transcriptions?model=base' });
  sent.write('sou');
  while ((await served.spooled()).length === 0) await new Promise(setImmediate);
  const refused = await remove();
  expect([refused.status, refused.errorCode, deleted]).toEqual([409, 'MODEL_BUSY', []]);
  sent.end('nd');
  (await served.nextRun()).finish('hello');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  await response.toArray();
  while ((await remove()).status === 409) await new Promise(setImmediate);
  expect(deleted).toEqual(['base']);
});

test('a model is deleted whose recording does not come to its end', async () => {
  await serve({ models: { delete: async () => undefined } });
  const socket = connect(served.socketPath);
  socket.write('POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nsou');
  while ((await served.spooled()).length === 0) await new Promise(setImmediate);
  socket.destroy();
  while ((await served.spooled()).length > 0) await new Promise(setImmediate);
  const remove = () => served.ask({ method: 'DELETE', path: '/v1/models/base' });
  while ((await remove()).status === 409) await new Promise(setImmediate);
  expect((await remove()).status).toBe(204);
});

test('a client that goes away while its job waits takes the job with it', async () => {
  await serve();
  const socket = connect(served.socketPath);
  socket.write('POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nsound');
  const { jobId } = (await served.nextRun()).task;
  socket.destroy();
  const followed = await served.ask({ path: `/v1/jobs/${jobId}/events` });
  expect(eventsIn(followed.text).at(-1)?.type).toBe('job-cancelled');
});

test.each(['', '&live=true&rate=16000'])(
  'a language that the model lacks is refused before any sound is sent: %j',
  async (live) => {
    await serve({
      findModel: async (name) => ({ name, folder: join(embeddedModelsFolder, 'whisper-base-4bit') }),
    });
    const answer = await served.ask({ path: `/v1/transcriptions?language=yue${live}`, body: 'sound' });
    expect([answer.status, answer.errorCode]).toEqual([422, 'MODEL_UNABLE']);
    expect(await served.spooled()).toEqual([]);
  },
);

test('a client that went away before its job began leaves no job running', async () => {
  const gone = Promise.withResolvers<void>();
  await serve({
    findModel: async (name) => {
      await gone.promise;
      return { name, folder: '/models/base' };
    },
  });
  const socket = connect(served.socketPath);
  const body = JSON.stringify({ path: import.meta.filename });
  const head = `Host: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`POST /v1/transcriptions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
  socket.destroySoon();
  await once(socket, 'close');
  gone.resolve();
  let jobs: readonly { readonly id: string }[] = [];
  while (jobs.length === 0) jobs = (await served.ask({ path: '/v1/jobs' })).json<{ jobs: typeof jobs }>().jobs;
  const followed = await served.ask({ path: `/v1/jobs/${jobs[0]?.id}/events` });
  expect(eventsIn(followed.text).at(-1)?.type).toBe('job-cancelled');
});

test('a detached job goes on without its client', async () => {
  await serve();
  const accepted = await post('?detach=true');
  const { id } = accepted.json<{ id: string }>();
  expect([accepted.status, accepted.headers['location']]).toEqual([202, `/v1/jobs/${id}`]);
  (await served.nextRun()).finish('hello');
  const followed = await served.ask({ path: `/v1/jobs/${id}/events?from=1` });
  expect(eventsIn(followed.text).map((event) => ['seq' in event && event.seq, event.type])).toEqual([
    [1, 'job-started'],
    [2, 'job-done'],
  ]);
  expect((await served.ask({ path: `/v1/jobs/${id}` })).json()).toMatchObject({
    state: 'done',
    result: { text: 'hello' },
  });
  const { jobs } = (await served.ask({ path: '/v1/jobs' })).json<{ jobs: object[] }>();
  expect(jobs).toEqual([expect.not.objectContaining({ result: expect.anything() })]);
});

test('a client that reads nothing of its answer holds up nobody, also when its job is forgotten', async () => {
  await serve({ settings: { maxFinishedJobs: 0 } });
  const socket = connect(served.socketPath);
  socket.write('POST /v1/transcriptions?format=ndjson HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nsound');
  const run = await served.nextRun();
  const { jobId } = run.task;
  const text = 'word '.repeat(10_000);
  for (let id = 0; id < 200; id++) {
    const times = { start: id, end: id + 1 };
    const decoding = { tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
    const segments = [{ id, seek: 0, text, ...times, ...decoding }];
    run.say({ type: 'segments-decoded', jobId, segments, processedSeconds: id + 1 });
  }
  run.finish('hello');
  const other = post();
  (await served.nextRun()).finish('other');
  expect((await other).status).toBe(200);
  socket.destroy();
  await once(socket, 'close');
});

test('a full queue is told with the time to come back, and so is a daemon that stops', async () => {
  await serve({ settings: { maxQueuedJobs: 1 } });
  for (let count = 0; count < 2; count++) await post('?detach=true');
  const refused = await post();
  expect([refused.status, refused.errorCode, refused.headers['retry-after']]).toEqual([503, 'QUEUE_FULL', '5']);
  const stopped = served.stop(60_000);
  const late = await post();
  expect([late.status, late.errorCode]).toEqual([503, 'SHUTTING_DOWN']);
  expect((await served.ask({ path: '/v1/health' })).json()).toMatchObject({ status: 'stopping' });
  (await served.nextRun()).finish('hello');
  await stopped;
  // The detached job that waits is the next daemon's.
  expect(await served.spooled()).toHaveLength(1);
});

test('names that somebody invents do not keep out whoever waits on a connection', async () => {
  await serve({ settings: { maxQueuedJobs: 5 }, attendedPlaces: 8 });
  const invented = (number: number) => ({ 'hearth-client': `invented-${number}` });
  const answers = [];
  for (let number = 0; number < 10; number++) answers.push(await post('?detach=true', invented(number)));
  // One runs.
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(6).fill(202), ...Array(4).fill(503)]);
  const late = post('', { 'hearth-client': 'honest' });
  for (let count = 0; count < 7; count++) (await served.nextRun()).finish('hello');
  expect((await late).status).toBe(200);
});

test('a connection goes on after refused uploads', async () => {
  await serve();
  const socket = connect(served.socketPath);
  for (const path of ['/v1/transcriptions?model=none', '/v1/transcriptions?nothing=1', '/v1/nowhere']) {
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n`);
    socket.write(Buffer.alloc(1_000_000));
  }
  socket.write('GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const received = (await socket.toArray()).join('');
  expect(received.match(/(?<=HTTP\/1.1 )\d+/g)).toEqual(['404', '400', '404', '200']);
});

test.each([
  ['no JSON', '{"path"', /JSON/],
  ['no path', '{}', /absolute\/path/],
  ['more than a path', '{"path":"/a","output":"/b"}', /absolute\/path/],
  ['a path with a zero byte', '{"path":"/a\\u0000"}', /path/],
])('a JSON body with %s is refused', async (_, body, message) => {
  await serve();
  const headers = { 'content-type': 'application/json' };
  const answer = await served.ask({ path: '/v1/transcriptions', headers, body });
  expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
  expect(answer.text).toMatch(message);
});

test.each([
  ['?beamSize=many', 'Expected option beamSize to be integer, got "many".'],
  ['?beamSize=0', 'Expected option beamSize to be >= 1, got 0.'],
  ['?task=a&task=b', 'Expected option task to be one of transcribe, translate, got ["a","b"].'],
  [
    `?${'temperature=1&'.repeat(11)}`,
    expect.stringMatching(/^Expected option temperature to have at most 10 values, got /),
  ],
  ['?word-timestamps=true', 'Expected a known option, got word-timestamps.'],
  ['?format=pdf', 'Expected option format to be one of ndjson, txt, srt, vtt, tsv, json, md, lrc, got "pdf".'],
])('the query %s is refused', async (query, message) => {
  await serve();
  const answer = await post(query);
  expect(answer.json()).toMatchObject({ error: { code: 'OPTION_INVALID', message } });
});

test.each([
  ['?channels=split', 'audioChannels=split'],
  ['?channels=mix', 'audioChannels=mix'],
  ['?track=all', 'audioTrack'],
  ['?speakers=ada', 'speakerNames'],
  ['?raw-channels=2', 'channels'],
  ['?audio_channels=split', 'audioChannels'],
])("the command line's name in %s is refused with the name of the option", async (query, meant) => {
  await serve();
  expect((await post(query)).json()).toMatchObject({
    error: { code: 'OPTION_INVALID', hint: `Did you mean ${meant}?` },
  });
});

test('an option of another route is not offered', async () => {
  await serve();
  const accepted = (await post('?detach=true')).json<{ id: string }>();
  const answer = await served.ask({ path: `/v1/jobs/${accepted.id}/events?form=1` });
  expect(answer.json()).toMatchObject({ error: { code: 'OPTION_INVALID', hint: 'Did you mean from?' } });
  (await served.nextRun()).finish('');
});

test('health tells of an engine that failed, and why', async () => {
  const lastError = { code: 'MODEL_INVALID', message: 'Expected weights, got none.', hint: 'Get them.' } as const;
  await serve({ engine: { status: 'failed', lastError, restarts: 3 } });
  expect((await served.ask({ path: '/v1/health' })).json()).toMatchObject({
    status: 'degraded',
    version: '1.2.3',
    engine: { status: 'failed', lastError, restarts: 3 },
    jobs: { queued: 0, running: 0 },
  });
});

test('who goes on with a live session without saying where hears what is missing, and who knows it', async () => {
  await serve();
  const answer = await served.ask({ path: '/v1/jobs/any/audio', method: 'POST', body: 'sound' });
  expect(answer.json()).toMatchObject({
    error: {
      code: 'OPTION_INVALID',
      message: 'Expected the option offset, got none.',
      hint: expect.stringContaining('at most `receivedBytes`, which `GET /v1/jobs/{id}` tells'),
    },
  });
});

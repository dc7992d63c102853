import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { readJsonLines } from '../../../../../daemon/src/client/read-events.ts';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import type { AnswerPace } from '../../../../../daemon/src/server/http/kept-alive.ts';
import { listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import { type Run, type Served, serveStandIn } from '../serve-stand-in.ts';

const token = 'a-token-of-more-than-thirty-two-characters';
const never = 2 ** 30;
/** As if a recording took for ever from the moment when it was opened. */
const onceOpened: AnswerPace = { openedMs: 1, queuedMs: never, everyMs: 1 };
const inTheQueue: AnswerPace = { openedMs: never, queuedMs: 1, everyMs: 1 };
const audio = { durationSeconds: 2, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 };

let served: Served;
let listener: Server;
let address: string;

async function serve(answerPace: AnswerPace): Promise<void> {
  served = await serveStandIn({ settings: { token }, answerPace });
  listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

afterEach(async () => {
  expect(await served.spooled()).toEqual([]);
  listener.closeAllConnections();
  await once(listener.close(), 'close');
  await served.close();
});

function post(path: string, format: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  if (path === '/v1/transcriptions') {
    return fetch(`${address}${path}?format=${format}`, { method: 'POST', headers, body: 'sound' });
  }
  const form = new FormData();
  form.append('response_format', format);
  form.append('file', new Blob(['sound']), 'a.wav');
  return fetch(`${address}${path}`, { method: 'POST', headers, body: form });
}

const client = () => new OpenAI({ apiKey: token, baseURL: `${address}/v1`, maxRetries: 0 });
const sound = () => toFile(Buffer.from('sound'), 'talk.mp3');

function opened(run: Run): Run {
  run.say({ type: 'audio-opened', jobId: run.task.jobId, audio });
  return run;
}

test.each([
  ['/v1/audio/transcriptions', 'json', /^\n+\{"text":"hello".*\}$/],
  ['/v1/audio/transcriptions', 'verbose_json', /^\n+\{"task":"transcribe".*\}$/],
  ['/v1/audio/transcriptions', 'text', /^\n+hello\n$/],
  ['/v1/audio/transcriptions', 'srt', /^\n+1\n00:00:00,000 --> 00:00:02,000\nhello\n\n$/],
  ['/v1/audio/transcriptions', 'vtt', /^WEBVTT +\n\n00:00.000 --> 00:02.000\nhello\n\n$/],
  ['/v1/transcriptions', 'json', /^\n+\{.*"text":" hello".*\}$/s],
  ['/v1/transcriptions', 'txt', /^\n+hello\n$/],
  ['/v1/transcriptions', 'srt', /^\n+1\n00:00:00,000 --> 00:00:02,000\nhello\n\n$/],
  ['/v1/transcriptions', 'vtt', /^WEBVTT +\n\n00:00.000 --> 00:02.000\nhello\n\n$/],
  ['/v1/transcriptions', 'tsv', /^\n+start\tend\ttext\n0\t2000\thello\n$/],
])('%s as %s begins before a job that takes long has ended', async (path, format, expected) => {
  await serve(onceOpened);
  const asked = post(path, format);
  const run = opened(await served.nextRun());
  // The head is here although the job has not ended, so no client gives up on it.
  const answer = await asked;
  expect(answer.status).toBe(200);
  run.finish(' hello');
  expect(await answer.text()).toMatch(expected);
});

test('a job that waits in the queue for long is answered too', async () => {
  await serve(inTheQueue);
  const asked = post('/v1/audio/transcriptions', 'json');
  const run = await served.nextRun();
  expect((await asked).status).toBe(200);
  run.finish(' hello');
  expect(await (await asked).json()).toMatchObject({ text: 'hello' });
});

test.each(['/v1/audio/transcriptions', '/v1/transcriptions'])(
  'what is wrong with a recording keeps its status: %s',
  async (path) => {
    await serve(onceOpened);
    const asked = post(path, 'json');
    (await served.nextRun()).fail(new HearthError('AUDIO_UNSUPPORTED', 'Expected a recording, got text.'));
    expect((await asked).status).toBe(415);
  },
);

test('the official client reads an answer that began early', async () => {
  await serve(onceOpened);
  const asked = client().audio.transcriptions.create({ file: await sound(), model: 'whisper-1' });
  const run = opened(await served.nextRun());
  await asked.asResponse();
  run.finish(' hello');
  expect(await asked).toMatchObject({ text: 'hello' });
});

test('no client takes a failure after the beginning for a transcript', async () => {
  await serve(onceOpened);
  const asked = client().audio.transcriptions.create({ file: await sound(), model: 'whisper-1' });
  const run = opened(await served.nextRun());
  const { body } = await asked.asResponse();
  run.fail(new HearthError('AUDIO_CORRUPT', 'The rest is noise.'));
  let received = '';
  const read = async () => {
    for await (const bytes of body ?? []) received += new TextDecoder().decode(bytes as Uint8Array);
  };
  await expect(read()).rejects.toThrow('terminated');
  expect(JSON.parse(received)).toMatchObject({ error: { code: 'AUDIO_CORRUPT', type: 'invalid_request_error' } });
});

test('a stream of the official client begins in the queue, and what is wrong keeps its status until then', async () => {
  await serve(inTheQueue);
  const asked = client().audio.transcriptions.create({ file: await sound(), model: 'whisper-1', stream: true });
  const run = await served.nextRun();
  const stream = await asked;
  run.finish(' hello');
  const events: unknown[] = [];
  for await (const event of stream) events.push(event);
  expect(events).toEqual([expect.objectContaining({ type: 'transcript.text.done', text: 'hello' })]);
});

test('a failure before the first text of a stream has its status', async () => {
  await serve({ openedMs: never, queuedMs: never, everyMs: never });
  const asked = client().audio.transcriptions.create({ file: await sound(), model: 'whisper-1', stream: true });
  opened(await served.nextRun()).fail(new HearthError('OPTION_INVALID', 'Expected a language, got another.'));
  await expect(asked).rejects.toMatchObject({ status: 400, code: 'OPTION_INVALID' });
});

test('events of a job keep their connection alive, and every line is still JSON', async () => {
  await serve(onceOpened);
  const answer = await post('/v1/transcriptions', 'ndjson');
  const run = await served.nextRun();
  const types: string[] = [];
  let silentBytes = 0;
  async function* watched() {
    for await (const bytes of answer.body ?? []) {
      if (new TextDecoder().decode(bytes as Uint8Array) === ' ') silentBytes += 1;
      if (silentBytes === 3) run.finish(' hello');
      yield bytes as Uint8Array;
    }
  }
  for await (const { type } of readJsonLines<{ type: string }>(watched())) types.push(type);
  expect(types).toEqual(['job-queued', 'job-started', 'job-done']);
});

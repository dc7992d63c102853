import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import { type Run, type Served, serveStandIn } from './serve-stand-in.ts';

let served: Served;
let client: OpenAI;

beforeEach(async () => {
  served = await serveStandIn();
  client = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://localhost/v1',
    maxRetries: 0,
    fetch: (url, init) => fetchOverSocket(new Request(url as string, { ...init, duplex: 'half' } as RequestInit)),
  });
});

afterEach(async () => {
  expect(await served.spooled()).toEqual([]);
  await served.close();
});

/** What the client's documentation names for proxies: a `fetch` of one's own. */
function fetchOverSocket(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return new Promise((resolve, reject) => {
    const headers = { ...Object.fromEntries(request.headers), host: 'localhost' };
    const sent = httpRequest(
      { socketPath: served.socketPath, method: request.method, path: pathname + search, headers },
      (response: IncomingMessage) => {
        const body = Readable.toWeb(response) as ReadableStream;
        resolve(
          new Response(body, {
            status: response.statusCode ?? 0,
            headers: new Headers(response.headers as Record<string, string>),
          }),
        );
      },
    );
    sent.on('error', reject);
    request.signal.addEventListener('abort', () => sent.destroy(new Error('aborted')));
    if (request.body === null) sent.end();
    else Readable.fromWeb(request.body as WebStream).pipe(sent);
  });
}

const sound = () => toFile(Buffer.from('sound'), 'talk.mp3');

async function answerWith(text: string): Promise<Run> {
  const run = await served.nextRun();
  run.finish(text);
  return run;
}

test('the official client gets a transcript', async () => {
  const asked = client.audio.transcriptions.create({
    file: await sound(),
    model: 'whisper-1',
    language: 'de-AT',
    prompt: 'Kubernetes',
    temperature: 0.2,
  });
  const { task } = await answerWith(' Guten Tag');
  expect(await asked).toMatchObject({ text: 'Guten Tag' });
  expect(task).toMatchObject({
    modelFolder: '/models/base',
    options: { task: 'transcribe', language: 'de', initialPrompt: 'Kubernetes', temperature: [0.2] },
  });
  const { entries } = (await served.ask({ path: '/v1/history' })).json<{ entries: object[] }>();
  expect(entries).toMatchObject([{ name: 'talk.mp3' }]);
});

test('the official client gets a translation', async () => {
  const asked = client.audio.translations.create({ file: await sound(), model: 'whisper-1' });
  const { task } = await answerWith(' Good day');
  expect(await asked).toMatchObject({ text: 'Good day' });
  expect(task.options).toMatchObject({ task: 'translate' });
});

test('every format of the official client is answered', async () => {
  const ask = async (response_format: 'text' | 'srt' | 'vtt') => {
    const asked = client.audio.transcriptions.create({ file: await sound(), model: 'whisper-1', response_format });
    await answerWith(' hello');
    return asked;
  };
  expect(await ask('text')).toBe('hello\n');
  expect(await ask('srt')).toBe('1\n00:00:00,000 --> 00:00:02,000\nhello\n\n');
  expect(await ask('vtt')).toBe('WEBVTT\n\n00:00.000 --> 00:02.000\nhello\n\n');
});

test('the verbose format carries segments, or words when they are asked for', async () => {
  const ask = async (granularities?: ('word' | 'segment')[]) => {
    const asked = client.audio.transcriptions.create({
      ...{ file: await sound(), model: 'whisper-1', response_format: 'verbose_json' },
      ...(granularities && { timestamp_granularities: granularities }),
    });
    const { task } = await answerWith(' hello');
    return [await asked, task] as const;
  };
  const [plain] = await ask();
  expect(plain).toMatchObject({ task: 'transcribe', language: 'english', duration: 2, text: 'hello' });
  expect(plain).toMatchObject({ segments: [{ id: 0, start: 0, end: 2, text: ' hello', avg_logprob: -0.1 }] });
  const [words, task] = await ask(['word']);
  expect(words.segments).toBeUndefined();
  expect(words.words).toEqual([]);
  expect(task.options).toMatchObject({ wordTimestamps: true });
});

test('a stream brings text while it is decoded', async () => {
  const asked = client.audio.transcriptions.create({ file: await sound(), model: 'whisper-1', stream: true });
  const run = await served.nextRun();
  const { jobId } = run.task;
  const times = { seek: 0, startSeconds: 0, endSeconds: 1, tokens: [], temperature: 0 };
  const segment = { id: 0, text: ' Hello', ...times, avgLogprob: 0, compressionRatio: 1, noSpeechProb: 0 };
  run.say({ type: 'segments-decoded', jobId, segments: [segment], processedSeconds: 1 });
  run.say({ type: 'segments-decoded', jobId, segments: [{ ...segment, id: 1, text: ' there' }], processedSeconds: 2 });
  run.finish(' Hello there');
  const events: unknown[] = [];
  for await (const event of await asked) events.push(event);
  expect(events).toEqual([
    { type: 'transcript.text.delta', delta: 'Hello' },
    { type: 'transcript.text.delta', delta: ' there' },
    { type: 'transcript.text.done', text: 'Hello there' },
  ]);
});

test('a failure in a stream reaches the client as an error', async () => {
  const asked = client.audio.transcriptions.create({ file: await sound(), model: 'whisper-1', stream: true });
  (await served.nextRun()).fail(new HearthError('AUDIO_CORRUPT', 'Expected sound, got noise.'));
  const read = async () => {
    for await (const _ of await asked);
  };
  await expect(read()).rejects.toThrow('Expected sound, got noise.');
});

test.each([
  ['a model that does not exist', { model: 'nothing' }, 404, 'MODEL_NOT_FOUND'],
  ['a temperature that is none', { temperature: 3 }, 400, 'OPTION_INVALID'],
  ['a format that does not exist', { response_format: 'pdf' as never }, 400, 'OPTION_INVALID'],
])('%s fails in the shape that the official client reads', async (_, fields, status, code) => {
  const asked = client.audio.transcriptions.create({ file: await sound(), model: 'whisper-1', ...fields });
  await expect(asked).rejects.toMatchObject({ status, code, type: 'invalid_request_error' });
});

test('a job that fails answers in that shape too', async () => {
  const asked = client.audio.transcriptions.create({ file: await sound(), model: 'whisper-1' });
  (await served.nextRun()).fail(new HearthError('AUDIO_UNSUPPORTED', 'Expected a recording, got text.'));
  await expect(asked).rejects.toMatchObject({ status: 415, code: 'AUDIO_UNSUPPORTED' });
});

test('a client that gives up takes its job with it', async () => {
  const abort = new AbortController();
  const asked = client.audio.transcriptions.create(
    { file: await sound(), model: 'whisper-1' },
    { signal: abort.signal },
  );
  const { jobId } = (await served.nextRun()).task;
  abort.abort();
  await expect(asked).rejects.toThrow();
  const followed = await served.ask({ path: `/v1/jobs/${jobId}/events` });
  expect(followed.text).toContain('job-cancelled');
});

test('the official client lists the models', async () => {
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  expect(ids).toEqual(['whisper-base-4bit']);
});

const boundary = 'x';
const form = (...parts: readonly string[]) => `${parts.map((part) => `--x\r\n${part}\r\n`).join('')}--x--\r\n`;
const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const file = (content: string) => `Content-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${content}`;

async function postForm(body: string, type = `multipart/form-data; boundary=${boundary}`) {
  return served.ask({ path: '/v1/audio/transcriptions', headers: { 'content-type': type }, body });
}

test('fields may come after the recording, and what nobody knows is left out', async () => {
  const asked = postForm(
    form(file('sound'), field('model', 'whisper-1'), field('response_format', 'text'), field('x', '')),
  );
  await answerWith(' hello');
  expect((await asked).text).toBe('hello\n');
});

test.each([
  ['no file', form(field('model', 'whisper-1')), 400],
  ['an empty file', form(file('')), 422],
  ['no end', form(file('sound')).slice(0, -8), 400],
  ['nothing', '', 400],
  ['too many fields', form(...Array.from({ length: 80 }, (_, index) => field(`f${index}`, 'x'))), 400],
  ['a name of OpenAI’s prototype', form(field('__proto__', 'x'), file('sound')), 400],
])('a form with %s is refused', async (_, body, status) => {
  const answer = await postForm(body);
  expect([answer.status, typeof answer.json<{ error: { message: string } }>().error.message]).toEqual([
    status,
    'string',
  ]);
});

test('a body that is no form is refused', async () => {
  expect((await postForm('{}', 'application/json')).status).toBe(400);
  expect((await postForm('sound', 'audio/wav')).status).toBe(400);
});

test('a recording that is too large is refused while it comes', async () => {
  const answer = await postForm(form(file('x'.repeat(1_500_000)), field('model', 'whisper-1')));
  expect(answer.status).toBe(413);
});

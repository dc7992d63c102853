import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import { listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import { type Run, type Served, serveStandIn } from '../serve-stand-in.ts';

const token = 'a-token-of-more-than-thirty-two-characters';

let served: Served;
let listener: Server;
let client: OpenAI;
/** Folders of models by name. */
let folders: Record<string, string>;
let translateModel: string | null;

beforeEach(async () => {
  folders = { base: '/models/base' };
  translateModel = null;
  served = await serveStandIn({
    settings: { token },
    models: { translator: () => translateModel },
    async findModel(name) {
      const folder = folders[name];
      if (folder !== undefined) return { name, folder };
      throw new HearthError('MODEL_NOT_FOUND', `Expected the name of a model, got ${name}.`);
    },
  });
  listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const { port } = listener.address() as AddressInfo;
  // With its own HTTP, as people use it.
  client = new OpenAI({ apiKey: token, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
});

afterEach(async () => {
  expect(await served.spooled()).toEqual([]);
  listener.closeAllConnections();
  await once(listener.close(), 'close');
  await served.close();
});

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

test('a translation by a model without any is refused with those that translate, or goes to the one in the settings', async () => {
  const turbo = join(served.home, 'turbo');
  await mkdir(turbo);
  const config = { n_vocab: 51866, n_audio_layer: 32, n_text_layer: 4 };
  await writeFile(join(turbo, 'config.json'), JSON.stringify(config));
  folders = { base: turbo, other: '/models/other' };
  const ask = async () => client.audio.translations.create({ file: await sound(), model: 'whisper-1' });
  await expect(ask()).rejects.toMatchObject({
    status: 422,
    code: 'MODEL_UNABLE',
    message: expect.stringContaining('Use whisper-base-4bit, or set `translateModel` in the settings.'),
  });

  translateModel = 'other';
  const asked = ask();
  const { task } = await answerWith(' Good day');
  expect(await asked).toMatchObject({ text: 'Good day' });
  expect(task).toMatchObject({ modelFolder: '/models/other', options: { task: 'translate' } });
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
  const times = { seek: 0, start: 0, end: 1, tokens: [], temperature: 0 };
  const segment = { id: 0, text: ' Hello', ...times, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  run.say({ type: 'segments-decoded', jobId, segments: [segment], processedSeconds: 1 });
  run.say({ type: 'segments-decoded', jobId, segments: [{ ...segment, id: 1, text: ' there' }], processedSeconds: 2 });
  run.finish(' Hello there');
  const events: unknown[] = [];
  for await (const event of await asked) events.push(event);
  expect(events).toEqual([
    { type: 'transcript.text.delta', delta: 'Hello' },
    { type: 'transcript.text.delta', delta: ' there' },
    { type: 'transcript.text.done', text: 'Hello there', languages: [{ code: 'en' }] },
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

test('the official client looks at a model, by its name or one of OpenAI', async () => {
  for (const id of ['base', 'whisper-1', 'gpt-transcribe']) {
    expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: 'hearth' });
  }
  await expect(client.models.retrieve('none')).rejects.toMatchObject({
    status: 404,
    code: 'MODEL_NOT_FOUND',
    type: 'invalid_request_error',
    param: null,
  });
});

test('a wrong token is told in that shape on every route', async () => {
  const stranger = new OpenAI({ apiKey: 'wrong', baseURL: client.baseURL, maxRetries: 0 });
  const failure = { status: 401, code: 'TOKEN_INVALID', type: 'invalid_request_error' };
  await expect(stranger.models.list()).rejects.toMatchObject(failure);
  await expect(stranger.audio.transcriptions.create({ file: await sound(), model: 'whisper-1' })).rejects.toMatchObject(
    failure,
  );
});

test('what OpenAI has and Hearth has not is told in that shape', async () => {
  const asked = client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x' });
  await expect(asked).rejects.toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND', type: 'invalid_request_error' });
});

test('every answer has an id of its own, which clients show', async () => {
  const { request_id: id } = await client.models.list().withResponse();
  expect(id).toMatch(/^req_[0-9a-f]{32}$/);
  const failed = await client.models.retrieve('none').catch((error: unknown) => error);
  expect(failed).toMatchObject({ requestID: expect.stringMatching(/^req_[0-9a-f]{32}$/) });
  expect(failed).not.toMatchObject({ requestID: id });
});

test.each([
  ['GET', '/v1/audio/transcriptions', 'POST'],
  ['DELETE', '/v1/audio/translations', 'POST'],
  ['GET', '/v1/transcriptions', 'POST'],
  ['POST', '/v1/models', 'GET, HEAD'],
  ['POST', '/v1/models/base', 'GET, HEAD, DELETE'],
  ['POST', '/v1/jobs/x', 'GET, HEAD, DELETE'],
  ['DELETE', '/v1/jobs/x/events', 'GET, HEAD'],
] as const)('%s %s is answered with the methods that there are', async (method, path, allow) => {
  const { status, errorCode, headers } = await served.ask({ method, path });
  expect([status, errorCode, headers['allow']]).toEqual([405, 'METHOD_NOT_ALLOWED', allow]);
});

test('keywords are words to listen for, and languages are candidates', async () => {
  const asked = client.audio.transcriptions.create({
    file: await sound(),
    model: 'gpt-transcribe',
    keywords: ['ComfyUI', 'Kubernetes'],
    languages: ['de', 'en'],
  });
  const { task } = await answerWith(' hello');
  expect(await asked).toMatchObject({ text: 'hello', languages: [{ code: 'en' }] });
  expect(task.options).toEqual({ task: 'transcribe', hotwords: 'ComfyUI, Kubernetes', languages: ['de', 'en'] });
});

const boundary = 'x';
const form = (...parts: readonly string[]) => `${parts.map((part) => `--x\r\n${part}\r\n`).join('')}--x--\r\n`;
const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const file = (content: string) => `Content-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n${content}`;

async function postForm(body: string, type = `multipart/form-data; boundary=${boundary}`) {
  return served.ask({ path: '/v1/audio/transcriptions', headers: { 'content-type': type }, body });
}

test('fields may come after the recording', async () => {
  const asked = postForm(form(file('sound'), field('model', 'whisper-1'), field('response_format', 'text')));
  await answerWith(' hello');
  expect((await asked).text).toBe('hello\n');
});

test.each([
  ['no file', form(field('model', 'whisper-1')), 400],
  ['an empty file', form(file('')), 422],
  ['no end', form(file('sound')).slice(0, -8), 400],
  ['nothing', '', 400],
  ['too many fields', form(...Array.from({ length: 240 }, () => field('keywords[]', 'x'))), 400],
  ['a field that is too long', form(field('prompt', 'x'.repeat(70_000)), file('sound')), 400],
  [
    'fields that are too long together',
    form(...Array(9).fill(field('keywords[]', 'x'.repeat(8_000))), file('sound')),
    400,
  ],
  ['more languages than there are', form(field('languages[]', 'de,'.repeat(500)), file('sound')), 400],
  ['a field that nobody knows', form(file('sound'), field('beam_size', '5')), 400],
  ['two recordings', form(file('sound'), file('sound')), 400],
  ['half a part', form(file('sound')).slice(0, -30), 400],
  ['a name of OpenAI’s prototype', form(field('__proto__', 'x'), file('sound')), 400],
])('a form with %s is refused', async (_, body, status) => {
  const answer = await postForm(body);
  expect([answer.status, typeof answer.json<{ error: { message: string } }>().error.message]).toEqual([
    status,
    'string',
  ]);
});

const disposition = (parameters: string) => `Content-Disposition: form-data; ${parameters}`;

test.each([
  ['no file name and a type', `${disposition('name="file"')}\r\nContent-Type: audio/wav`],
  ['no file name and the type of anything', `${disposition('name="file"')}\r\nContent-Type: application/octet-stream`],
  ['neither file name nor type', disposition('name="file"')],
  ['an empty file name', `${disposition('name="file"; filename=""')}\r\nContent-Type: audio/flac`],
  [
    'an empty file name and the type of anything',
    `${disposition('name="file"; filename=""')}\r\nContent-Type: application/octet-stream`,
  ],
  [
    'a file name in UTF-8 only',
    `${disposition('name="file"; filename*=UTF-8\'\'j%C3%B6.flac')}\r\nContent-Type: audio/flac`,
  ],
  ['a name without quotes', `${disposition('name=file; filename=a.flac')}`],
  ['a type that is none', `${disposition('name="file"; filename="a.flac"')}\r\nContent-Type: nonsense`],
])('a recording with %s is taken', async (_, head) => {
  const asked = postForm(form(`${head}\r\n\r\nsound`, field('response_format', 'text')));
  await answerWith(' hello');
  expect((await asked).text).toBe('hello\n');
});

test.each([
  ['octets', 'application/octet-stream', 'de'],
  ['JSON', 'application/json', '"de"'],
  ['text of a character set', 'text/plain; charset=utf-8', 'de'],
])('a field that says it is %s is a field', async (_, type, value) => {
  const asked = postForm(
    form(file('sound'), `${disposition('name="language"')}\r\nContent-Type: ${type}\r\n\r\n${value}`),
  );
  const { task } = await answerWith(' hello');
  expect(task.options).toMatchObject({ language: 'de' });
  expect((await asked).status).toBe(200);
});

const large = 'x'.repeat(900_000);

test.each([
  ['no name at all', `Content-Disposition: form-data\r\nContent-Type: audio/flac\r\n\r\n${large}`, /name: `file`/],
  ['a file name only', `${disposition('filename="a.flac"')}\r\n\r\n${large}`, /name: `file`/],
  ['another name', `${disposition('name="audio"; filename="a.flac"')}\r\n\r\n${large}`, /Call the field .* `file`/],
  ['no disposition', `Content-Type: audio/flac\r\n\r\n${large}`, /Add it, as `curl -F file=/],
])('a recording with %s is refused with what to do', async (_, part, message) => {
  const answer = await postForm(form(part, field('model', 'whisper-1')));
  expect([answer.status, answer.json<{ error: { message: string } }>().error.message]).toEqual([
    400,
    expect.stringMatching(message),
  ]);
});

test('what is wrong with a form is told while it still comes, and the connection serves the next request', async () => {
  const socket = connect(served.socketPath);
  const answers = new PassThrough();
  socket.pipe(answers);
  const head = [
    ...['POST /v1/audio/transcriptions HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked'],
    ...['Content-Type: multipart/form-data; boundary=x', '', ''],
  ];
  const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
  socket.write(head.join('\r\n'));
  socket.write(chunk('--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n'));
  socket.write(chunk(`--x\r\n${file('')}`));
  const [first] = (await once(answers, 'data')) as [Buffer];
  expect(String(first)).toContain('HTTP/1.1 400');
  // The client keeps sending, and then asks for something else.
  for (let sent = 0; sent < 100; sent++) socket.write(chunk('sound'.repeat(2000)));
  socket.write(`${chunk('\r\n--x--\r\n')}0\r\n\r\n`);
  socket.end('GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(await text(answers)).toContain('HTTP/1.1 200');
});

test('a form at the other door is pointed to this one', async () => {
  const answer = await served.ask({
    path: '/v1/transcriptions',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: form(file(large)),
  });
  expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
  expect(answer.text).toContain('/v1/audio/transcriptions');
});

test('a body that is no form is refused', async () => {
  expect((await postForm('{}', 'application/json')).status).toBe(400);
  expect((await postForm('sound', 'audio/wav')).status).toBe(400);
});

test('a recording that is too large is refused while it comes', async () => {
  const answer = await postForm(form(file('x'.repeat(1_500_000)), field('model', 'whisper-1')));
  expect(answer.status).toBe(413);
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectionLimits } from '../../../../../daemon/src/server/http/guards/connection-limits.ts';
import { mostLongAnswers } from '../../../../../daemon/src/server/http/guards/long-answers.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

const connections = connectionLimits().socket;

let served: Served;
const sockets: Socket[] = [];

beforeEach(async () => {
  served = await serveStandIn({ settings: { maxQueuedJobs: 2 * connections } });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await served.close();
});

async function send(text: string): Promise<Socket> {
  const socket = connect(served.socketPath);
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

async function finishAll(): Promise<never> {
  for (;;) (await served.nextRun()).finish('hello');
}

const upload = (query: string, client: string) => ({
  path: `/v1/transcriptions${query}`,
  headers: { 'hearth-client': client },
  body: 'sound',
});

test('connections that wait for transcripts under invented names leave room for questions, and then for others', async () => {
  const most = mostLongAnswers('transcript', connections);
  for (let number = 0; number < most; number++) {
    const head = `POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nHearth-Client: invented-${number}\r\n`;
    await send(`${head}Content-Length: 5\r\n\r\nsound`);
  }
  const run = await served.nextRun();
  while ((await served.ask({ path: '/v1/jobs' })).json<{ jobs: object[] }>().jobs.length < most);
  const refused = await served.ask(upload('', 'honest'));
  expect([refused.status, refused.errorCode, refused.headers['retry-after']]).toEqual([503, 'QUEUE_FULL', '5']);
  const { id } = (await served.ask({ path: '/v1/jobs' })).json<{ jobs: { id: string }[] }>().jobs.at(-1) ?? { id: '' };
  expect((await served.ask({ method: 'DELETE', path: `/v1/jobs/${id}` })).status).toBe(200);
  expect((await served.ask({ path: '/v1/health' })).status).toBe(200);
  run.finish('hello');
  // The place is free once the finished job has been recorded.
  void finishAll();
  let answer = await served.ask(upload('', 'honest'));
  while (answer.status === 503) answer = await served.ask(upload('', 'honest'));
  expect(answer.status).toBe(200);
});

test('recordings that arrive byte by byte under invented names take no place from others', async () => {
  const most = mostLongAnswers('transcript', connections);
  const closed: Promise<unknown>[] = [];
  for (let number = 0; number < most; number++) {
    const head = `POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nHearth-Client: invented-${number}\r\n`;
    const socket = await send(`${head}Content-Length: 5\r\n\r\ns`);
    closed.push(once(socket.resume(), 'close'));
  }
  expect((await served.ask(upload('?detach=true', 'detached'))).status).toBe(202);
  (await served.nextRun()).finish('detached');
  let answer = served.ask(upload('', 'honest'));
  // They get a moment to send more.
  const run = served.nextRun();
  while ((await Promise.race([answer.then(({ status }) => status), run])) === 503) {
    answer = served.ask(upload('', 'honest'));
  }
  await Promise.race(closed);
  (await run).finish('hello');
  expect((await answer).status).toBe(200);
});

test('connections that follow events leave room for questions and for transcripts', async () => {
  const { id } = (await served.ask(upload('?detach=true', 'first'))).json<{ id: string }>();
  const run = await served.nextRun();
  const most = mostLongAnswers('events', connections);
  const mostOfOne = Math.ceil(most / 2);
  const follow = async (client: string) => {
    const head = `Host: localhost\r\nHearth-Client: ${client}`;
    const socket = await send(`GET /v1/jobs/${id}/events HTTP/1.1\r\n${head}\r\n\r\n`);
    await once(socket, 'data');
  };
  for (let count = 0; count < mostOfOne; count++) await follow('one');
  const again = await served.ask({ path: `/v1/jobs/${id}/events`, headers: { 'hearth-client': 'one' } });
  expect([again.errorCode, again.text]).toEqual(['QUEUE_FULL', expect.stringContaining('This client follows')]);
  for (let count = mostOfOne; count < most; count++) await follow('other');
  expect((await served.ask({ path: `/v1/jobs/${id}/events` })).errorCode).toBe('QUEUE_FULL');
  const pulled = await served.ask({ method: 'POST', path: '/v1/models/pull', body: '{}' });
  expect(pulled.errorCode).not.toBe('QUEUE_FULL');
  expect((await served.ask({ path: '/v1/health' })).status).toBe(200);
  const other = served.ask(upload('', 'other'));
  run.finish('hello');
  (await served.nextRun()).finish('other');
  expect((await other).status).toBe(200);
  sockets[0]?.resume();
  expect((await served.ask({ path: `/v1/jobs/${id}` })).json()).toMatchObject({ state: 'done' });
});

test('followers that do not read share one copy of a long event', async () => {
  const { id } = (await served.ask(upload('?detach=true&history=false', 'first'))).json<{ id: string }>();
  const run = await served.nextRun();
  // The event has the text twice.
  const megabytes = 8;
  const before = process.memoryUsage();
  const followers = 40;
  for (let count = 0; count < followers; count++) {
    const socket = await send(`GET /v1/jobs/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
  }
  run.finish('x'.repeat((megabytes / 2) * 1024 * 1024));
  const stateOf = async () =>
    (await served.ask({ path: '/v1/jobs' })).json<{ jobs: { state: string }[] }>().jobs[0]?.state;
  while ((await stateOf()) !== 'done');
  const after = process.memoryUsage();
  const grown = (after.heapUsed + after.external - before.heapUsed - before.external) / 1024 / 1024;
  expect(grown).toBeLessThan((followers * megabytes) / 2);
});

import { dirname } from 'node:path';
import { expect, test } from '@jest/globals';
import { createMcpServer } from '../../../../../daemon/src/mcp/create-mcp-server.ts';
import type { HearthAccess } from '../../../../../daemon/src/mcp/hearth-access.ts';
import { createMcpSessions } from '../../../../../daemon/src/server/http/mcp/mcp-sessions.ts';
import { pathOf } from '../../../../engine/fork-engine.ts';
import { serveStandIn } from '../serve-stand-in.ts';

/** As far as a session uses it. */
type Transport = Parameters<ReturnType<typeof createMcpServer>['connect']>[0] & {
  handleRequest: () => Promise<Response>;
};

const clientInfo = { name: 'test', version: '1' };
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
};
/** Of a client that stays. */
const gone = new AbortController().signal;
const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const post = { path: '/mcp', method: 'POST', headers, body: JSON.stringify(initialize) } as const;

test('nothing answers at /mcp until the settings turn it on', async () => {
  const served = await serveStandIn();
  const { status, text } = await served.ask(post);
  expect(status).toBe(404);
  expect(text).toContain('Set `mcp` to true');
  await served.close();
});

test('it begins a session, and the guards keep web pages out', async () => {
  const served = await serveStandIn({ settings: { mcp: true } });
  const answer = await served.ask(post);
  expect(answer.status).toBe(200);
  expect(answer.headers['mcp-session-id']).toEqual(expect.any(String));
  expect(answer.text).toContain('"name":"hearth"');
  expect((await served.ask({ ...post, headers: { ...headers, origin: 'https://evil.example' } })).errorCode).toBe(
    'REQUEST_REFUSED',
  );
  expect((await served.ask({ ...post, headers: { ...headers, 'mcp-session-id': 'gone' } })).status).toBe(404);
  expect((await served.ask({ ...post, body: '{' })).status).toBe(400);
  expect((await served.ask({ path: '/mcp' })).status).toBe(405);
  await served.close();
});

test('the session that was used longest ago makes room', async () => {
  const sessions = createMcpSessions(2);
  const createServer = () => createMcpServer({} as HearthAccess);
  async function send(message: object, session?: string) {
    const given = { ...headers, ...(session && { 'mcp-session-id': session }) };
    const request = new Request('http://localhost/mcp', { method: 'POST', headers: given });
    const response = await sessions.handle(request, { body: message, gone, isFromNetwork: false, createServer });
    await response.text();
    return response;
  }
  const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
  const open = async () => (await send(initialize)).headers.get('mcp-session-id') ?? '';
  const [first, second] = [await open(), await open()];
  expect((await send(ping, first)).status).toBe(200);
  const third = await open();
  expect(await Promise.all([first, second, third].map(async (id) => (await send(ping, id)).status))).toEqual([
    200, 404, 200,
  ]);
  await sessions.close();
});

test.each<[string, () => Promise<Response>]>([
  ['fails', () => Promise.reject(new Error('The transport is closed.'))],
  [
    'breaks off',
    async () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('Broken.')) })),
  ],
])('a call whose answer %s no longer counts as running', async (_, answer) => {
  const sessions = createMcpSessions(1);
  const transports: Transport[] = [];
  const createServer = () => {
    const server = createMcpServer({} as HearthAccess);
    const connect = server.connect.bind(server);
    server.connect = (transport) => {
      transports.push(transport as Transport);
      return connect(transport);
    };
    return server;
  };
  async function send(body: object, session?: string) {
    const given = { ...headers, ...(session && { 'mcp-session-id': session }) };
    const request = new Request('http://localhost/mcp', { method: 'POST', headers: given });
    const response = await sessions.handle(request, { body, gone, isFromNetwork: false, createServer });
    await response.text();
    return response.headers.get('mcp-session-id') ?? '';
  }
  const first = await send(initialize);
  (transports[0] as Transport).handleRequest = answer;
  await expect(send({ jsonrpc: '2.0', id: 2, method: 'ping' }, first)).rejects.toThrow();
  // A session with a call that runs would not make room.
  expect(await send(initialize)).not.toBe(first);
  await sessions.close();
});

test('a call whose client went away before its answer began no longer counts as running', async () => {
  const sessions = createMcpSessions(1);
  const transports: Transport[] = [];
  const createServer = () => {
    const server = createMcpServer({} as HearthAccess);
    const connect = server.connect.bind(server);
    server.connect = (transport) => {
      transports.push(transport as Transport);
      return connect(transport);
    };
    return server;
  };
  const ask = (body: object, { signal = gone, session = '' } = {}) => {
    const given = { ...headers, ...(session !== '' && { 'mcp-session-id': session }) };
    const request = new Request('http://localhost/mcp', { method: 'POST', headers: given });
    return sessions.handle(request, { body, gone: signal, isFromNetwork: false, createServer });
  };
  const first = await ask(initialize);
  await first.text();
  (transports[0] as Transport).handleRequest = async () => new Response(new ReadableStream());
  const leaving = new AbortController();
  const session = first.headers.get('mcp-session-id') ?? '';
  await ask({ jsonrpc: '2.0', id: 2, method: 'ping' }, { signal: leaving.signal, session });
  await expect(ask(initialize)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  leaving.abort();
  expect((await ask(initialize)).status).toBe(200);
  await sessions.close();
});

test('the network has at most half of the sessions, however many calls it makes', async () => {
  const sessions = createMcpSessions(4);
  const createServer = () => createMcpServer({} as HearthAccess);
  const leaving = new AbortController();
  const open = (isFromNetwork: boolean) => {
    const request = new Request('http://localhost/mcp', { method: 'POST', headers });
    return sessions.handle(request, { body: initialize, gone: leaving.signal, isFromNetwork, createServer });
  };
  // As long as an answer is not read to its end, its call runs.
  for (let count = 0; count < 2; count++) expect((await open(true)).status).toBe(200);
  await expect(open(true)).rejects.toMatchObject({
    code: 'QUEUE_FULL',
    message: 'The network’s 2 MCP sessions have calls that run.',
  });
  for (let count = 0; count < 2; count++) expect((await open(false)).status).toBe(200);
  await expect(open(false)).rejects.toMatchObject({ message: 'All 4 MCP sessions have calls that run.' });
  leaving.abort();
  expect((await open(true)).status).toBe(200);
  await sessions.close();
});

test('recordings of assistants wait in the queue, and take no place that is kept for who waits on a connection', async () => {
  const path = pathOf('assets/samples/jfk.flac');
  const settings = { mcp: true, mcpFolders: [dirname(path)], maxQueuedJobs: 1 };
  const served = await serveStandIn({ settings, attendedPlaces: 4 });
  const session = (await served.ask(post)).headers['mcp-session-id'] as string;
  const call = (id: number) => {
    const params = { name: 'transcribe', arguments: { path } };
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
    return served.ask({ ...post, headers: { ...headers, 'mcp-session-id': session }, body });
  };
  const running = call(2);
  const first = await served.nextRun();
  const waiting = call(3);
  for (let count = 0; count < 2; ) {
    count = (JSON.parse((await served.ask({ path: '/v1/jobs' })).text) as { jobs: readonly unknown[] }).jobs.length;
  }
  expect((await call(4)).text).toContain('QUEUE_FULL');
  const attended = served.ask({ path: '/v1/transcriptions', body: Buffer.from('sound') });
  first.finish('first');
  for (const text of ['one', 'other']) (await served.nextRun()).finish(text);
  expect((await attended).status).toBe(200);
  expect((await running).text).toContain('first');
  expect((await waiting).status).toBe(200);
  await served.close();
});

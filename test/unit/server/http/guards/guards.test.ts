import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import { type Served, type ServeRequest, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

afterEach(async () => {
  expect((await served.ask({ path: '/v1/health' })).status).toBe(200);
  await served.close();
});

async function serve(request: ServeRequest = {}): Promise<void> {
  served = await serveStandIn(request);
}

function postJson(body: string, path = '/v1/transcriptions') {
  return served.ask({ path, headers: { 'content-type': 'application/json' }, body });
}

test.each([
  ['arrays in arrays', '['.repeat(20_000) + ']'.repeat(20_000)],
  ['arrays that never end', '['.repeat(60_000)],
  ['objects in objects', `${'{"path":'.repeat(5000)}1${'}'.repeat(5000)}`],
  ['more than anybody needs', JSON.stringify({ path: 'x'.repeat(70_000) })],
  ['a name of the prototype', '{"__proto__":{"path":"/a"}}'],
  ['a constructor', '{"constructor":{"prototype":{"path":"/a"}}}'],
  ['bytes that are no text', '{"path":"\u0000"}'],
])('JSON of %s is refused', async (_, body) => {
  await serve();
  const answer = await postJson(body);
  expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
  expect(answer.text.length).toBeLessThan(1000);
});

test('a request whose head is too long is refused behind the answers to those before it', async () => {
  await serve();
  const socket = connect(served.socketPath);
  socket.write('GET /v1/health HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(2));
  socket.write(`GET /v1/jobs/${'x'.repeat(20_000)}`);
  const answers = (await text(socket)).match(/HTTP\/1.1 \d+|"code":"[^"]+"/g);
  expect(answers).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 431', '"code":"REQUEST_INVALID"']);
});

test.each(['keep-alive', 'close'])(
  'a client that sends far too much JSON reads its refusal (connection: %s)',
  async (connection) => {
    await serve();
    const body = JSON.stringify({ path: 'x'.repeat(5_000_000) });
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const headers = { 'content-type': 'application/json', 'content-length': body.length, connection };
      const sent = request({ socketPath: served.socketPath, path: '/v1/transcriptions', method: 'POST', headers });
      // What it still sends when it has its answer may find the connection closed.
      sent.on('error', () => undefined);
      const closed = new Promise((resolve) => sent.once('close', resolve));
      sent.end(body);
      const [answer] = await once(sent, 'response');
      expect(await text(answer)).toContain('REQUEST_INVALID');
      await closed;
    }
  },
);

test('brackets in a text are no depth', async () => {
  await serve();
  expect((await postJson(JSON.stringify({ path: `/${'['.repeat(100)}` }))).errorCode).toBe('FILE_NOT_FOUND');
});

test('a link is followed once, when its job is accepted', async () => {
  await serve();
  const recording = join(served.home, 'recording.wav');
  const link = join(served.home, 'link.wav');
  await writeFile(recording, 'sound');
  await symlink(recording, link);
  const answered = postJson(JSON.stringify({ path: link }));
  const run = await served.nextRun();
  expect(run.task.audioPath).toBe(recording);
  run.finish('');
  expect((await answered).status).toBe(200);
});

test('a link to what is no file, or leads in a circle, is refused', async () => {
  await serve();
  const circle = join(served.home, 'circle');
  await symlink(circle, circle);
  await symlink('/dev/zero', join(served.home, 'device'));
  await mkdir(join(served.home, 'folder'));
  await symlink(join(served.home, 'folder'), join(served.home, 'to-folder'));
  const codes = ['circle', 'device', 'to-folder', 'hearth.sock'].map(async (name) => {
    return (await postJson(JSON.stringify({ path: join(served.home, name) }))).errorCode;
  });
  expect(await Promise.all(codes)).toEqual([
    ...['REQUEST_INVALID', 'REQUEST_INVALID', 'FILE_IS_DIRECTORY', 'REQUEST_INVALID'],
  ]);
});

const token = 'a-token-of-more-than-thirty-two-characters';

async function askNetwork(path: string, headers: Record<string, string> = {}, body?: string, asked?: string) {
  const listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const { port } = listener.address() as AddressInfo;
  const method = asked ?? (body === undefined ? 'GET' : 'POST');
  const sent = request({ port, host: '127.0.0.1', path, method, headers: { connection: 'close', ...headers } });
  sent.end(body);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  const answer = { status: response.statusCode, headers: response.headers, body: await text(response) };
  await new Promise((resolve) => listener.close(resolve));
  return answer;
}

test('the network is answered with the token only', async () => {
  await serve({ settings: { token } });
  const authorization = `Bearer ${token}`;
  expect((await askNetwork('/v1/health', { authorization })).status).toBe(200);
  expect((await askNetwork('/v1/health', { authorization, host: 'studio.local:8377' })).status).toBe(200);
  const refused = await askNetwork('/v1/health');
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  for (const wrong of ['', 'Bearer', 'Bearer x', `Bearer ${token}x`, `Basic ${token}`, token]) {
    expect((await askNetwork('/v1/health', { authorization: wrong })).status).toBe(401);
  }
  expect((await askNetwork('/v1/health', { authorization, origin: 'http://localhost' })).status).toBe(403);
});

test('a program’s own fetch is answered, on TCP as it is', async () => {
  await serve({ settings: { token } });
  const listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const { port } = listener.address() as AddressInfo;
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/health`, { headers });
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'ok' })]);
  await new Promise((resolve) => listener.close(resolve));
});

test.each([
  ['Node and Deno', { 'sec-fetch-mode': 'cors' }, 200],
  ['an address that was typed', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
  ['a page of this origin', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
  ['a page of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['a page of elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['two sites at once', { 'sec-fetch-site': ['none', 'cross-site'] }, 403],
  ['a page that posts', { origin: 'http://localhost' }, 403],
  ['a page in a sandbox', { origin: 'null', 'sec-fetch-site': 'none' }, 403],
])('a request as from %s is judged by Origin and Sec-Fetch-Site', async (_, headers, status) => {
  await serve();
  const { status: got, errorCode } = await served.ask({ path: '/v1/health', headers });
  expect([got, errorCode]).toEqual([status, status === 200 ? undefined : 'REQUEST_REFUSED']);
});

test('without a token in the settings nobody passes from the network', async () => {
  await serve({ settings: { token: '' } });
  for (const authorization of ['', 'Bearer ', 'Bearer undefined', 'Bearer x']) {
    expect((await askNetwork('/v1/health', { authorization })).status).toBe(401);
  }
});

test.each([
  ['an id that is too long for any', `/v1/jobs/${'a'.repeat(3000)}`, {}],
  ['an expectation that nobody knows', '/v1/jobs', { expect: 'a-miracle' }],
])('%s is answered in our words, and not before the token was seen', async (_, path, headers) => {
  await serve({ settings: { token } });
  expect((await askNetwork(path, headers)).status).toBe(401);
  const answer = await served.ask({ path, headers });
  expect([200, 404]).toContain(answer.status);
  expect(answer.errorCode).toBe(answer.status === 404 ? 'JOB_NOT_FOUND' : undefined);
});

test('a path means nothing over the network', async () => {
  await serve({ settings: { token } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await askNetwork('/v1/transcriptions', headers, JSON.stringify({ path: import.meta.filename }));
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([403, { error: { code: 'REQUEST_REFUSED' } }]);
});

test.each([
  ['POST', '/v1/models/load', { 'content-type': 'application/json' }, JSON.stringify({ model: '/etc' })],
  ['POST', '/v1/transcriptions?model=/etc', {}, 'sound'],
  ['GET', '/v1/models/%2Fetc', {}, undefined],
  ['DELETE', '/v1/models/%2Fetc', {}, undefined],
  [
    'POST',
    '/v1/audio/transcriptions',
    { 'content-type': 'multipart/form-data; boundary=x' },
    [
      ...['--x', 'content-disposition: form-data; name="model"', '', '/etc'],
      ...['--x', 'content-disposition: form-data; name="file"; filename="a.wav"', '', 'sound', '--x--', ''],
    ].join('\r\n'),
  ],
])('%s %s takes no path of a model over the network', async (method, path, headers, body) => {
  await serve({ settings: { token } });
  const answer = await askNetwork(path, { authorization: `Bearer ${token}`, ...headers }, body, method);
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'REQUEST_REFUSED' } });
  expect(await readdir(join(served.home, 'spool'))).toEqual([]);
});

test.each([
  ['a short token', '127.0.0.1:0', 'short', /at least 32 characters/],
  [
    'an address that is not ours',
    '192.0.2.1:80',
    token,
    /not listen on 192\.0\.2\.1:80: this machine has no such address/,
  ],
])('%s is told as a wrong setting', async (_, address, given, message) => {
  await serve();
  const listening = listenOnNetwork(served.server, { address, token: given });
  await expect(listening).rejects.toMatchObject({ code: 'SETTINGS_INVALID', message: expect.stringMatching(message) });
});

test('a request from the network needs the token also when its connection is gone before it is read', async () => {
  await serve({ settings: { token } });
  const answered = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  (await served.nextRun()).finish('kept');
  await answered;
  const listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [[serverSide]] = (await Promise.all([once(listener, 'connection'), once(client, 'connect')])) as [[Socket], []];
  const ended = new Promise((resolve) => serverSide.on('close', resolve));
  const asked = once(listener, 'request');
  // Both are there before the daemon reads: the request, and that nobody is at the other end any more.
  serverSide.pause();
  client.write('DELETE /v1/history HTTP/1.1\r\nhost: localhost\r\n\r\n', () => client.resetAndDestroy());
  await new Promise((resolve) => client.on('close', resolve));
  serverSide.resume();
  await asked;
  await ended;
  expect((await served.ask({ path: '/v1/history' })).json()).toMatchObject({ total: 1 });
  await new Promise((resolve) => listener.close(resolve));
});

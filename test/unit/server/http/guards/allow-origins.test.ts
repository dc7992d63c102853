import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAllowedOrigin } from '../../../../../daemon/src/server/http/guards/allow-origins.ts';
import { listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import { readSettings } from '../../../../../daemon/src/settings/read-settings.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

// There is no browser here: what is asserted are the headers that the Fetch standard has a browser send and check.
const token = 'a-token-of-more-than-thirty-two-characters';
const page = 'https://notes.example';
const authorization = `Bearer ${token}`;

let served: Served;
let listener: Server;
let address: string;

beforeAll(async () => {
  const allowedOrigins = [page, 'app://obsidian.md', 'vscode-webview://*'];
  served = await serveStandIn({ settings: { allowedOrigins, token } });
  listener = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});

afterAll(async () => {
  listener.closeAllConnections();
  listener.close();
  await served.close();
});

async function ask(method: string, path: string, headers: Record<string, string>) {
  const answer = await fetch(address + path, { method, headers: { connection: 'close', ...headers } });
  const cors = [...answer.headers].filter(([name]) => name.startsWith('access-control-'));
  return {
    status: answer.status,
    vary: answer.headers.get('vary'),
    cors: Object.fromEntries(cors),
    text: await answer.text(),
  };
}

const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
};

test.each([page, 'app://obsidian.md', 'vscode-webview://0a1b2c'])(
  'a page of %s asks first, and then reads',
  async (origin) => {
    const asked = { ...preflight, origin, 'access-control-request-private-network': 'true' };
    expect(await ask('OPTIONS', '/v1/audio/transcriptions', asked)).toEqual({
      status: 204,
      vary: 'Origin',
      text: '',
      cors: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': preflight['access-control-request-headers'],
        'access-control-allow-private-network': 'true',
        'access-control-expose-headers': expect.stringContaining('x-request-id'),
        'access-control-max-age': '600',
      },
    });
    const answer = await ask('GET', '/v1/models', { origin, authorization, 'sec-fetch-site': 'cross-site' });
    expect(answer).toMatchObject({ status: 200, vary: 'Origin', cors: { 'access-control-allow-origin': origin } });
  },
);

test('what goes wrong can be read as well', async () => {
  const cors = { 'access-control-allow-origin': page };
  expect(await ask('GET', '/v1/models', { origin: page })).toMatchObject({ status: 401, cors });
  expect(await ask('GET', '/v1/jobs/none', { origin: page, authorization })).toMatchObject({ status: 404, cors });
});

test.each([
  'https://evil.example',
  'https://notes.example.evil.example',
  'http://notes.example',
  'null',
  'app://other',
])('a page of %s is refused, and may not even read that', async (origin) => {
  for (const [method, headers] of [
    ['OPTIONS', preflight],
    ['GET', { authorization }],
  ] as const) {
    const answer = await ask(method, '/v1/models', { ...headers, origin });
    expect(answer).toMatchObject({ status: 403, cors: {} });
    expect(answer.text).toContain('REQUEST_REFUSED');
    expect(answer.text).toContain('`allowedOrigins`');
  }
});

test('without an origin, a foreign site is refused, and OPTIONS has no route', async () => {
  expect((await ask('GET', '/v1/models', { authorization, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await ask('OPTIONS', '/v1/models', { authorization })).status).toBe(405);
});

test('nothing is allowed by default, and no header says otherwise', async () => {
  expect(readSettings('/nowhere/settings.json', {}).allowedOrigins).toEqual([]);
  expect(isAllowedOrigin(page, [])).toBe(false);
});

test.each(['*', 'https://*', 'https://a.example/', 'a.example', 'null', 'https://*.a.example'])(
  'the setting refuses %j',
  (origin) => {
    const environment = { HEARTH_ALLOWED_ORIGINS: JSON.stringify([origin]) };
    expect(() => readSettings('/nowhere/settings.json', environment)).toThrow(/to be a list of origins, such as/);
  },
);

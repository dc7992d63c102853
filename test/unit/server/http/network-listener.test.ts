import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { createNetworkListener, type NetworkListener } from '../../../../daemon/src/server/http/network-listener.ts';
import { freePort } from '../../../e2e/support/free-port.ts';
import { type Served, serveStandIn } from './serve-stand-in.ts';

const token = 'a-token-of-more-than-thirty-two-characters';

let served: Served;
let network: NetworkListener;

beforeEach(async () => {
  served = await serveStandIn({ settings: { token } });
  network = createNetworkListener({ server: served.server, log: pino({ level: 'silent' }), retryMs: 1 });
});

afterEach(async () => {
  await network.close();
  await served.close();
});

function use(
  listen: string,
  given = token,
  allowedOrigins: readonly string[] = ['https://page.example'],
): Promise<void> {
  return network.use({ listen, token: given, allowedOrigins });
}

async function isAnswered(listen: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  return fetch(`http://${listen}/v1/health`, { headers }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function takePort() {
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  return { listen: `127.0.0.1:${(holder.address() as AddressInfo).port}`, holder };
}

test('without an address nothing listens, and nothing is wrong', async () => {
  await use('', '');
  expect([network.address(), network.warnings()]).toEqual([null, []]);
});

test('a port that another program has is told, and taken once it is free', async () => {
  const { listen, holder } = await takePort();
  await use(listen);
  expect(network.address()).toBeNull();
  expect(network.warnings()).toEqual([expect.stringContaining(`not listen on ${listen}: another program uses it.`)]);
  holder.close();
  while (network.address() !== listen) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(network.warnings()).toEqual([]);
  expect(await isAnswered(listen)).toBe(true);
});

test('an address that changes is taken over, and the old one is given up', async () => {
  const [first, second] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  await use(first);
  expect(await isAnswered(first)).toBe(true);
  await use(second);
  expect([await isAnswered(first), await isAnswered(second)]).toEqual([false, true]);
  await use('');
  expect([await isAnswered(second), network.address()]).toEqual([false, null]);
});

test('an address that is busy no longer matters once the settings name another', async () => {
  const { listen, holder } = await takePort();
  await use(listen);
  const other = `127.0.0.1:${await freePort()}`;
  await use(other);
  expect([network.address(), network.warnings()]).toEqual([other, []]);
  holder.close();
});

test('a token that can be guessed is a wrong setting, and what listened goes on', async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  await use(listen);
  const asked = use(`127.0.0.1:${await freePort()}`, 'short');
  await expect(asked).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  expect(await isAnswered(listen)).toBe(true);
});

/** A WebSocket with the first token, on TCP or on the Unix socket. */
async function talk(place: { readonly port: number } | { readonly socketPath: string }): Promise<Socket> {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const headers = { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', authorization: `Bearer ${token}` };
  const asked = request({ ...place, path: '/v1/realtime', headers }).end();
  const [, socket] = (await once(asked, 'upgrade')) as [unknown, Socket];
  return socket;
}

/** What still comes until the connection ends. */
async function untilEnd(socket: Socket): Promise<Buffer> {
  return Buffer.concat(await socket.toArray());
}

const policyViolation = Buffer.from([0x88, 2, 1008 >> 8, 1008 & 0xff]);

test.each<readonly [string, (listen: string) => Parameters<typeof use>]>([
  ['with another token', (listen: string) => [listen, `another-${token}`]],
  ['when web pages lose their rights', (listen: string) => [listen, token, []]],
  ['when nothing listens on the network any more', () => ['', token]],
])('connections that came over the network end %s, and those of the socket go on', async (_, next) => {
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  await use(listen);
  const local = await talk({ socketPath: served.socketPath });
  const remote = untilEnd(await talk({ port }));
  const accepted = await served.ask({ path: '/v1/transcriptions?detach=true', body: 'sound' });
  const { id } = accepted.json<{ id: string }>();
  const headers = { authorization: `Bearer ${token}` };
  const followed = await fetch(`http://${listen}/v1/jobs/${id}/events`, { headers });
  await use(...next(listen));
  expect((await remote).subarray(-4)).toEqual(policyViolation);
  await expect(followed.text()).rejects.toThrow('terminated');
  // A ping, with a mask that changes nothing.
  local.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]));
  const [answer] = (await once(local, 'data')) as [Buffer];
  expect(answer.subarray(-2)).toEqual(Buffer.from([0x8a, 0]));
  local.destroy();
});

test('the same settings again disconnect nobody', async () => {
  const port = await freePort();
  await use(`127.0.0.1:${port}`);
  const socket = await talk({ port });
  await use(`127.0.0.1:${port}`);
  socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.subarray(-2)).toEqual(Buffer.from([0x8a, 0]));
  socket.destroy();
});

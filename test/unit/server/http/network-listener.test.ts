import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
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
  await network.use({ listen: '', token: '' });
  expect([network.address(), network.warnings()]).toEqual([null, []]);
});

test('a port that another program has is told, and taken once it is free', async () => {
  const { listen, holder } = await takePort();
  await network.use({ listen, token });
  expect(network.address()).toBeNull();
  expect(network.warnings()).toEqual([expect.stringContaining(`not listen on ${listen}: another program uses it.`)]);
  holder.close();
  while (network.address() !== listen) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(network.warnings()).toEqual([]);
  expect(await isAnswered(listen)).toBe(true);
});

test('an address that changes is taken over, and the old one is given up', async () => {
  const [first, second] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  await network.use({ listen: first, token });
  expect(await isAnswered(first)).toBe(true);
  await network.use({ listen: second, token });
  expect([await isAnswered(first), await isAnswered(second)]).toEqual([false, true]);
  await network.use({ listen: '', token });
  expect([await isAnswered(second), network.address()]).toEqual([false, null]);
});

test('an address that is busy no longer matters once the settings name another', async () => {
  const { listen, holder } = await takePort();
  await network.use({ listen, token });
  const other = `127.0.0.1:${await freePort()}`;
  await network.use({ listen: other, token });
  expect([network.address(), network.warnings()]).toEqual([other, []]);
  holder.close();
});

test('a token that can be guessed is a wrong setting, and what listened goes on', async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  await network.use({ listen, token });
  const asked = network.use({ listen: `127.0.0.1:${await freePort()}`, token: 'short' });
  await expect(asked).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
  expect(await isAnswered(listen)).toBe(true);
});

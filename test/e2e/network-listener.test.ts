import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { freePort } from './support/free-port.ts';
import { makeHome, startDaemon } from './support/start-daemon.ts';

const token = 'a-token-of-more-than-thirty-two-characters';

test('a busy port does not keep the socket down, and a changed address is taken over', async () => {
  const holder = createServer();
  holder.listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const busy = `127.0.0.1:${(holder.address() as AddressInfo).port}`;
  const home = await makeHome();
  const settings = (listen: string) => writeFile(join(home, 'settings.json'), JSON.stringify({ listen, token }));
  await settings(busy);
  const daemon = await startDaemon({ home });
  const health = () => readHealth(daemon);
  expect(await health()).toMatchObject({
    listen: null,
    warnings: expect.arrayContaining([expect.stringContaining(`${busy}: another program uses it`)]),
  });

  const free = `127.0.0.1:${await freePort()}`;
  await settings(free);
  while ((await health()).listen !== free) await delay(20);
  const answer = await fetch(`http://${free}/v1/models`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
  holder.close();
  expect(await daemon.stop()).toBe(0);
});

import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const long = pathOf('test/fixtures/audio/LJ001-long.mp3');

async function untilStatus(daemon: RunningDaemon, status: string): Promise<void> {
  while ((await readHealth(daemon)).status !== status) await delay(10);
}

test('a daemon ends though a client is in the middle of an upload that never comes', async () => {
  const daemon = await startDaemon({ environment: { HEARTH_UPLOAD_IDLE_SECONDS: '3600' } });
  const socket = connect(daemon.socketPath);
  socket.write('POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nsome');
  while ((await daemon.spooled()).length === 0) await delay(10);
  const closed = once(socket, 'close');
  expect(await daemon.stop()).toBe(0);
  await closed;
});

test('a first signal lets the running job go on, a second one cancels it', async () => {
  const daemon = await startDaemon({ environment: { HEARTH_DRAIN_SECONDS: '3600' } });
  const answered = daemon.ask({
    path: '/v1/transcriptions',
    headers: { accept: 'application/x-ndjson' },
    body: createReadStream(long),
  });
  while ((await readHealth(daemon)).jobs.running === 0) await delay(10);
  daemon.child.kill('SIGTERM');
  await untilStatus(daemon, 'stopping');
  const refused = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(long) });
  expect([refused.status, refused.errorCode]).toEqual([503, 'SHUTTING_DOWN']);
  expect(await daemon.spooled()).toHaveLength(1);

  const exited = once(daemon.child, 'exit');
  daemon.child.kill('SIGTERM');
  expect((await answered).text.trim().split('\n').at(-1)).toContain('"type":"job-cancelled"');
  expect(await exited).toEqual([0, null]);
  expect(await daemon.spooled()).toEqual([]);
  expect(existsSync(daemon.socketPath)).toBe(false);
  expect(readFileSync(join(daemon.home, 'logs', 'hearth.log'), 'utf8')).toContain('"stopped"');
  await daemon.stop();
});

test('a daemon whose engine is frozen kills it soon when it is asked to stop, and its client hears of it', async () => {
  const daemon = await startDaemon({ environment: { HEARTH_DRAIN_SECONDS: '3600' } });
  const answered = daemon.ask({
    path: '/v1/transcriptions',
    headers: { accept: 'application/x-ndjson' },
    body: createReadStream(long),
  });
  while ((await readResidency(daemon)).engine.status !== 'ready') await delay(10);
  while ((await readHealth(daemon)).jobs.running === 0) await delay(10);
  const processId = (await readResidency(daemon)).engine.processId as number;
  process.kill(processId, 'SIGSTOP');
  daemon.child.kill('SIGTERM');
  expect((await answered).text.trim().split('\n').at(-1)).toContain('no sign of life for 3 s');
  expect(await daemon.exited).toBe(0);
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
  await daemon.stop();
});

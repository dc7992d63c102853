import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { stopDaemon } from '../../daemon/src/client/stop-daemon.ts';
import { pathOf } from '../engine/fork-engine.ts';
import type { Answer } from './support/ask.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

/** All pages but the first, as a fault of the disk does. */
function damage(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  writeFileSync(path, readFileSync(path).fill(0xa5, 4096), { flag: 'r+' });
}

async function post(daemon: RunningDaemon, path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return daemon.ask({ path, method: 'POST', headers, body: Buffer.from(JSON.stringify(body)) });
}

test('a daemon whose list of watched folders becomes damaged says so, goes on, stops, and is whole after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-damage-in-use-'));
  const daemon = await startDaemon();
  expect((await post(daemon, '/v1/watch', { path: folder })).status).toBe(201);
  damage(join(daemon.home, 'watch.sqlite'));
  expect(await readHealth(daemon)).toMatchObject({ status: 'degraded', problems: [{ code: 'HOME_DAMAGED' }] });
  expect(await stopDaemon({ socketPath: daemon.socketPath })).toBe(true);
  const next = await startDaemon({ home: daemon.home });
  expect((await readHealth(next)).problems).toEqual([]);
  expect(await next.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

test('a daemon whose list of jobs becomes damaged says so as soon as it notices', async () => {
  const daemon = await startDaemon();
  damage(join(daemon.home, 'jobs.sqlite'));
  const path = pathOf('assets/samples/jfk.flac');
  const refused = await post(daemon, '/v1/transcriptions?detach=true', { path });
  expect(refused).toMatchObject({ status: 500, errorCode: 'HOME_DAMAGED' });
  expect(await readHealth(daemon)).toMatchObject({ status: 'degraded', problems: [{ code: 'HOME_DAMAGED' }] });
  expect(await daemon.stop()).toBe(0);
});

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import { freePort } from './support/free-port.ts';
import { makeHome, type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const token = 'planted-token-0123456789abcdef0123456789abcdef';
/** Names of recordings, and a word of what is said in one. */
const planted = ['Anna', 'Lohnverhandlung', 'americans', 'listen-password'];

let daemon: RunningDaemon;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-bugreport-'));
  const home = await makeHome();
  const settings = {
    token,
    listen: `127.0.0.1:${await freePort()}`,
    hubEndpoint: 'http://ada:listen-password@localhost',
  };
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  daemon = await startDaemon({ home });
});

afterAll(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

function hearth(...values: readonly string[]) {
  return spawnSync(process.execPath, [pathOf('daemon/dist/cli/main.js'), ...values], {
    ...{ cwd: folder, env: { ...process.env, HEARTH_HOME: daemon.home }, encoding: 'utf8' },
  });
}

test('a report has what helps, and nothing that was said, no name of a recording and no token', async () => {
  copyFileSync(pathOf('assets/samples/jfk.flac'), join(folder, 'Talk with Anna.flac'));
  writeFileSync(join(folder, 'Lohnverhandlung.m4a'), 'no sound');
  expect(hearth('transcribe', 'Talk with Anna.flac').stdout.toLowerCase()).toContain('americans');
  expect(hearth('transcribe', 'Lohnverhandlung.m4a').status).toBe(1);
  const path = join(folder, 'no such Lohnverhandlung.wav');
  expect(
    (
      await daemon.ask({
        method: 'POST',
        path: '/v1/transcriptions',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ path })),
      })
    ).status,
  ).toBe(404);

  const result = hearth('bugreport', '--output', 'report.tar.gz');
  expect([result.status, result.stdout]).toEqual([0, 'report.tar.gz\n']);
  mkdirSync(join(folder, 'unpacked'));
  expect(spawnSync('tar', ['-xzf', '../report.tar.gz'], { cwd: join(folder, 'unpacked') }).status).toBe(0);
  const report = join(folder, 'unpacked', 'hearth-bugreport');
  const read = (name: string) => readFileSync(join(report, name), 'utf8');
  const whole = readdirSync(report).map(read).join('\n');
  for (const secret of [token, ...planted]) expect(whole.toLowerCase()).not.toContain(secret.toLowerCase());

  expect(JSON.parse(read('settings.json'))).toMatchObject({ token: '(set)', historyDays: 365 });
  expect(JSON.parse(read('versions.json'))).toMatchObject({ node: process.versions.node, platform: process.platform });
  expect(JSON.parse(read('health.json'))).toMatchObject({ status: 'ok', engine: { status: 'ready' } });
  const jobs = JSON.parse(read('jobs.json')) as readonly unknown[];
  expect(jobs).toMatchObject([
    { state: 'done' },
    { state: 'failed', error: expect.stringMatching(/^(AUDIO|CONVERTER)_/) },
  ]);
  expect(read('log.ndjson')).toContain('"msg":"listening"');
  expect(read('log.ndjson')).toContain('"route":"/v1/transcriptions"');
});

test('a report never replaces a file', () => {
  writeFileSync(join(folder, 'kept.tar.gz'), 'kept');
  expect(hearth('bugreport', '--output', 'kept.tar.gz')).toMatchObject({
    ...{ status: 1, stderr: expect.stringContaining('kept.tar.gz, which exists') },
  });
  expect(readFileSync(join(folder, 'kept.tar.gz'), 'utf8')).toBe('kept');
});

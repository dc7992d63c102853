import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WatchedFolder } from '../../../../daemon/src/protocol/watched-folders.ts';
import { scanFolder } from '../../../../daemon/src/server/watch/folder-scan.ts';
import { type Served, serveStandIn } from '../http/serve-stand-in.ts';

let served: Served;
let root: string;
/** Looks into folders of the disk that is away, which never end. */
let looks: number;

beforeEach(async () => {
  looks = 0;
  root = mkdtempSync(join(tmpdir(), 'hearth-silent-'));
  served = await serveStandIn({
    watch: {
      silentMs: 100,
      scanFolder(request) {
        if (!request.rules.path.startsWith(join(root, 'away'))) return scanFolder(request);
        looks++;
        return new Promise(() => undefined);
      },
    },
  });
});

afterEach(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

async function watch(name: string): Promise<string> {
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  const body = Buffer.from(JSON.stringify({ path }));
  const headers = { 'content-type': 'application/json' };
  expect((await served.ask({ method: 'POST', path: '/v1/watch', headers, body })).status).toBe(201);
  return path;
}

/** Asks until these folders have these problems. */
async function untilProblems(...wanted: readonly (string | null)[]): Promise<void> {
  for (;;) {
    const { folders } = (await served.ask({ path: '/v1/watch' })).json<{ folders: readonly WatchedFolder[] }>();
    const problems = folders.map(({ problem }) => problem?.message ?? null);
    if (JSON.stringify(problems) === JSON.stringify(wanted)) return;
  }
}

test('a disk that does not answer is told for its folders, others go on, and the daemon ends', async () => {
  const away = [await watch('away/1'), await watch('away/2'), await watch('away/3'), await watch('away/4')];
  const here = await watch('here');
  await untilProblems(...away.map((path) => `The folder ${path} cannot be read: it did not answer in time.`), null);
  const { warnings } = (await served.ask({ path: '/v1/health' })).json<{ warnings: readonly string[] }>();
  expect(warnings).toHaveLength(4);
  expect(warnings[0]).toMatch(/it did not answer in time\. Hearth goes on when its disk answers\.$/);
  writeFileSync(join(here, 'talk.wav'), 'sound');
  const { task, finish } = await served.nextRun();
  expect(task.audioPath).toBe(join(here, 'talk.wav'));
  finish('Good morning.');
});

test('looks that hang take six threads at most; who waits behind them is told why', async () => {
  for (const name of ['1', '2', '3', '4', '5', '6', '7', '8']) await watch(`away/${name}`);
  const waits = 'It is its turn when the disks of other watched folders answer.';
  for (;;) {
    const { folders } = (await served.ask({ path: '/v1/watch' })).json<{ folders: readonly WatchedFolder[] }>();
    if (folders.filter(({ problem }) => problem?.message === waits).length === 2) break;
  }
  expect(looks).toBe(6);
});

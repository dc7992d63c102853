import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readResidency } from '../../daemon/src/client/health.ts';
import { listJobs } from '../../daemon/src/client/jobs.ts';
import { listWatchedFolders } from '../../daemon/src/client/watch.ts';
import type { WatchedFolder } from '../../daemon/src/protocol/watched-folders.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');

let daemon: RunningDaemon;
let root: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hearth-watched-'));
  mkdirSync(join(root, 'Recordings'));
  copyFileSync(clip, join(root, 'Recordings', 'before.flac'));
  daemon = await startDaemon({ environment: eachWindowOnce });
});

afterAll(async () => {
  await daemon.stop();
  rmSync(root, { recursive: true });
});

function hearth(...values: readonly string[]) {
  return spawnSync(process.execPath, [pathOf('daemon/dist/cli/main.js'), 'watch', ...values], {
    ...{ cwd: root, env: { ...process.env, HEARTH_HOME: daemon.home }, encoding: 'utf8' },
  });
}

/** Asks until it is so: files settle for ten seconds. */
async function until(isSo: (folder: WatchedFolder) => boolean): Promise<void> {
  for (;;) {
    const [folder] = await listWatchedFolders(daemon);
    if (folder !== undefined && isSo(folder)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a recording dropped into a watched folder is transcribed once, also while no daemon ran', async () => {
  const added = hearth(
    'add',
    'Recordings',
    '--format',
    'srt,txt',
    '--to',
    'Texts',
    '--move-done',
    'Done',
    '--language',
    'en',
  );
  expect([added.status, added.stderr]).toEqual([0, expect.stringContaining('Watching ')]);
  copyFileSync(clip, join(root, 'Recordings', 'talk.flac'));
  await until(({ counts }) => counts.done === 1);

  daemon.child.kill('SIGTERM');
  await daemon.exited;
  copyFileSync(clip, join(root, 'Recordings', 'second.flac'));
  daemon = await startDaemon({ home: daemon.home, environment: eachWindowOnce });
  await until(({ counts }) => counts.done === 2);

  expect(readdirSync(join(root, 'Texts')).sort()).toEqual(['second.srt', 'second.txt', 'talk.srt', 'talk.txt']);
  expect(readFileSync(join(root, 'Texts', 'talk.txt'), 'utf8')).toMatch(/^For a full hour he had paced/);
  expect(readdirSync(join(root, 'Recordings'))).toEqual(['before.flac']);
  expect(readdirSync(join(root, 'Done')).sort()).toEqual(['second.flac', 'talk.flac']);
  expect((await listJobs(daemon)).map(({ name }) => name)).toEqual(['talk.flac', 'second.flac']);
});

test('folders are listed, paused and removed by their path or id', async () => {
  expect(hearth('list').stdout).toMatch(/Recordings\n {10}srt, txt to .*Texts\n.*Done\n {10}2 done\n$/);
  expect(hearth('pause', 'Recordings').stderr).toContain('Recordings: paused');
  const { folders } = JSON.parse(hearth('--json').stdout) as { folders: readonly WatchedFolder[] };
  expect(folders).toMatchObject([{ isPaused: true, counts: { done: 2 }, options: { language: 'en' } }]);
  expect(hearth('remove', folders[0]?.id.slice(0, 6) ?? '').status).toBe(0);
  expect(hearth('list').stderr).toContain('No folder is watched');
  const wrong = hearth('remove', 'Recordings');
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('Expected a watched folder')]);
  expect(hearth('add', 'Recordings', '--format', 'pdf').status).toBe(2);
  expect(hearth('add').status).toBe(2);
});

test('a link that takes the place of a recording, or of its folder, after it was checked leads nowhere', async () => {
  const [folder, secret] = [join(root, 'Shared'), join(root, 'Private')];
  mkdirSync(join(folder, 'below'), { recursive: true });
  mkdirSync(secret);
  copyFileSync(pathOf('test/fixtures/audio/google_brooklyn.flac'), join(secret, 'talk.flac'));
  expect(hearth('add', folder, '--recursive').status).toBe(0);
  // The engine cannot open what it is given before it goes on.
  while ((await readResidency(daemon)).engine.status !== 'ready') await delay(20);
  const engine = (await readResidency(daemon)).engine.processId as number;
  process.kill(engine, 'SIGSTOP');
  copyFileSync(clip, join(folder, 'talk.flac'));
  copyFileSync(clip, join(folder, 'below', 'talk.flac'));
  await until(({ counts }) => counts.running === 2);
  rmSync(join(folder, 'talk.flac'));
  symlinkSync(join(secret, 'talk.flac'), join(folder, 'talk.flac'));
  renameSync(join(folder, 'below'), join(root, 'before'));
  symlinkSync(secret, join(folder, 'below'));
  process.kill(engine, 'SIGCONT');
  await until(({ counts }) => counts.failed === 2);
  const [{ failures = [] } = {}] = await listWatchedFolders(daemon);
  expect(failures.map(({ error }) => error.code)).toEqual(['FILE_NOT_FOUND', 'FILE_NOT_FOUND']);
  expect([readdirSync(secret), readdirSync(folder).sort()]).toEqual([['talk.flac'], ['below', 'talk.flac']]);
});

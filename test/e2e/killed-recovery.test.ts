import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WatchRules } from '../../daemon/src/protocol/watched-folders.ts';
import { newJob } from '../../daemon/src/server/jobs/new-job.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { instantResult } from '../stand-ins/instant-result.ts';
import { databaseNames, openHomeDatabases } from './support/home-databases.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-recovery-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A home with a job, a transcript and a watched folder, whose databases have no headers any more. */
async function makeDamagedHome(): Promise<string> {
  const home = join(folder, 'damaged');
  mkdirSync(home);
  const { history, store, watch, close } = openHomeDatabases(home);
  const job = newJob({
    ...{ id: 'job', client: 'a', createdAt: new Date(0), audioPath: '/a.wav', uploaded: false, name: 'a.wav' },
    ...{ modelFolder: '/models/base', options: {}, priority: 'bulk', detached: true, kept: true },
  });
  await store.accept(job);
  history.add({ id: 'text', name: 'b.wav', createdAt: new Date(0), options: {}, result: instantResult });
  const rules: WatchRules = {
    ...{ path: '/recordings', to: null, formats: ['txt'], options: {}, moveDone: null, recursive: false },
    ...{ endings: null, history: true },
  };
  const found = { path: '/recordings/a.wav', node: '1:1', size: 1, mtimeMs: 1, ctimeMs: 1, isDataless: false };
  watch.addFolder({ id: 'folder', rules, isPaused: false, addedAtMs: 0, disks: { to: null, moveDone: null } }, [found]);
  await close();
  for (const name of databaseNames) {
    writeFileSync(join(home, name), readFileSync(join(home, name)).fill('X', 0, 100));
  }
  return home;
}

test('a daemon that is killed at any point while it recovers its databases loses nothing, and names files that are there', async () => {
  const damaged = await makeDamagedHome();
  const script = pathOf('test/e2e/support/recover-and-die.mjs');
  for (let count = 1; ; count++) {
    const home = join(folder, `killed-${count}`);
    cpSync(damaged, home, { recursive: true });
    const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, home, `${count}`]);
    expect(child.stderr.toString()).toBe('');
    if (child.signal === null) {
      expect(count).toBeGreaterThan(3 * databaseNames.length);
      return;
    }
    const { history, store, watch, close } = openHomeDatabases(home);
    expect(store.jobs.map(({ accepted }) => accepted.id)).toEqual(['job']);
    expect(history.find('text')?.name).toBe('b.wav');
    expect(watch.folders().map(({ id }) => id)).toEqual(['folder']);
    expect(watch.count('folder', 'earlier')).toBe(1);
    const told = [...store.warnings(), ...history.warnings(), watch.replacedAs ?? ''].join(' ');
    const named = told.match(/\w+\.sqlite\.damaged-\d/g) ?? [];
    expect(named.every((name) => existsSync(join(home, name)))).toBe(true);
    await close();
  }
});

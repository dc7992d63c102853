import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awaitedJobs } from '../../../../daemon/src/server/watch/awaited-jobs.ts';
import { openWatchStore } from '../../../../daemon/src/server/watch/watch-store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-awaited-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the jobs of recordings whose transcripts are not written are awaited', () => {
  const path = join(folder, 'watch.sqlite');
  const store = openWatchStore(path);
  const found = { node: '1:1', size: 1, mtimeMs: 1, ctimeMs: 1, isDataless: false, fingerprint: 'a.b', disk: '/' };
  const [waiting, writing, done] = ['waiting', 'writing', 'done'].map((jobId) =>
    store.addSubmitted('folder', { ...found, path: `/rec/${jobId}.wav`, jobId }),
  );
  store.setPlan(writing as number, { outputs: [], movedTo: null });
  store.setDone(done as number);
  store.close();
  expect(waiting).toBe(1);
  expect(awaitedJobs(path)).toEqual(['waiting', 'writing']);
});

test('a list that is not there or cannot be read has none, and stays as it is', () => {
  expect(awaitedJobs(join(folder, 'missing.sqlite'))).toEqual([]);
  writeFileSync(join(folder, 'broken.sqlite'), 'no database');
  expect(awaitedJobs(join(folder, 'broken.sqlite'))).toEqual([]);
});

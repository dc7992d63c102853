import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { openHistory } from '../../daemon/src/server/history/open-history.ts';
import { createJobs } from '../../daemon/src/server/jobs/create-jobs.ts';
import { openJobStore } from '../../daemon/src/server/jobs/open-job-store.ts';
import type { EngineState } from '../../daemon/src/server/supervisor/supervisor.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { instantResult } from '../stand-ins/instant-result.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-promises-'));
});

afterEach(() => rmSync(home, { recursive: true }));

function open() {
  const log = pino({ level: 'silent' });
  const store = openJobStore({
    ...{ path: join(home, 'jobs.sqlite'), journalPath: join(home, 'journal.ndjson') },
    ...{ log, maxFinishedJobs: 10 },
  });
  const history = openHistory({
    ...{ path: join(home, 'history.sqlite'), log, limits: () => ({ historyDays: 0, historyEntries: 10 }) },
  });
  const ran: string[] = [];
  const jobs = createJobs({
    supervisor: {
      run: async ({ audioPath }) => {
        if (!existsSync(audioPath)) throw new Error('Expected the upload of a promised job, got none.');
        ran.push(audioPath);
        return instantResult;
      },
      grow: () => undefined,
      cancel: () => undefined,
      state: () => ({ model: null }) as EngineState,
      holdsBack: () => false,
      onStateChange: () => undefined,
    },
    ...{ log, store, history, keepAsLost: async () => null },
    removeUpload: async (path) => rmSync(path),
    limits: () => ({ maxQueuedJobs: 10, maxQueuedJobsPerClient: 10, maxFinishedJobs: 10 }),
    attendedPlaces: 0,
  });
  return { store, history, jobs, ran };
}

// What a process that dies leaves is whole at each step: the text, then the end, then the upload goes.
test.each([
  ['before', 'text', { upload: true, text: false, ended: false, runsAgain: true }],
  ['after', 'text', { upload: true, text: true, ended: false, runsAgain: false }],
  ['before', 'end', { upload: true, text: true, ended: false, runsAgain: false }],
  ['after', 'end', { upload: true, text: true, ended: true, runsAgain: false }],
  ['before', 'upload', { upload: true, text: true, ended: true, runsAgain: false }],
  ['after', 'upload', { upload: false, text: true, ended: true, runsAgain: false }],
  ['after', 'told', { upload: false, text: true, ended: true, runsAgain: false }],
])('a server that is killed %s the %s of a promised job loses nothing', async (when, step, left) => {
  const script = pathOf('test/e2e/support/settle-and-die.mjs');
  const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, home, step, when]);
  expect([child.signal, child.stderr.toString()]).toEqual(['SIGKILL', '']);
  expect(readdirSync(join(home, 'spool'))).toHaveLength(left.upload ? 1 : 0);

  const { store, history, jobs, ran } = open();
  const [stored] = store.jobs;
  const id = stored?.accepted.id ?? '';
  expect(stored?.ended?.state ?? null).toBe(left.ended ? 'done' : null);
  expect(history.find(id) !== null).toBe(left.text);
  await jobs.restore(store.jobs);
  for await (const _ of jobs.get(id).events.follow(0));
  expect(jobs.look(id)).toMatchObject({ state: 'done', result: { text: ' hello' }, warnings: [] });
  expect(ran).toHaveLength(left.runsAgain ? 1 : 0);
  expect(history.search({ query: 'hello', limit: 10, before: null })).toMatchObject({ total: 1, entries: [{ id }] });
  // An upload whose job has ended is swept at the start.
  expect(readdirSync(join(home, 'spool'))).toHaveLength(left.upload && left.ended ? 1 : 0);
  await jobs.stop(0);
  await store.close();
  history.close();
});

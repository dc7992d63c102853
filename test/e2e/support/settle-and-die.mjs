import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { openHistory } from '../../../daemon/src/server/history/open-history.ts';
import { createJobs } from '../../../daemon/src/server/jobs/create-jobs.ts';
import { createSpool } from '../../../daemon/src/server/jobs/create-spool.ts';
import { openJobStore } from '../../../daemon/src/server/jobs/open-job-store.ts';
import { instantResult } from '../../stand-ins/instant-result.ts';

/**
 * A server's jobs by themselves in a process of their own, which accepts a detached job, runs it and kills itself at one
 * point: `before` or `after` one of its steps. `node settle-and-die.mjs <home> <step> <before|after>`
 */
const [home, step, when] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const spool = createSpool({
  folder: join(home, 'spool'),
  lostFolder: join(home, 'lost-recordings'),
  limits: () => ({}),
});
await spool.sweep({ wanted: new Set(), done: new Set(), isIncomplete: false });
const store = openJobStore({
  ...{ path: join(home, 'jobs.sqlite'), journalPath: join(home, 'journal.ndjson'), log, maxFinishedJobs: 10 },
});
const history = openHistory({
  ...{ path: join(home, 'history.sqlite'), log, limits: () => ({ historyDays: 0, historyEntries: 10 }) },
});

function dying(name, action) {
  return (...values) => {
    if (name === step && when === 'before') process.kill(process.pid, 'SIGKILL');
    const result = action(...values);
    if (name !== step || when !== 'after') return result;
    if (result instanceof Promise) return result.then(() => process.kill(process.pid, 'SIGKILL'));
    process.kill(process.pid, 'SIGKILL');
  };
}

const jobs = createJobs({
  supervisor: {
    run: async () => instantResult,
    cancel: () => undefined,
    state: () => ({ model: null }),
    holdsBack: () => false,
    onStateChange: () => undefined,
  },
  log,
  store: { ...store, end: dying('end', store.end) },
  history: { ...history, add: dying('text', history.add) },
  removeUpload: dying('upload', spool.remove),
  limits: () => ({ maxQueuedJobs: 10, maxQueuedJobsPerClient: 10, maxFinishedJobs: 10 }),
  attendedPlaces: 0,
});
const audioPath = join(home, 'spool', '3f2504e0-4f89-41d3-9a0c-0305e82c3301');
writeFileSync(audioPath, 'sound');
const job = await jobs.takePlace({ client: '', isFromNetwork: false, isAttended: false }).submit({
  ...{ audioPath, uploaded: true, name: 'talk', modelFolder: '/model', options: {} },
  ...{ priority: 'bulk', detached: true, kept: true },
});
for await (const _ of job.events.follow(0));
process.kill(process.pid, 'SIGKILL');

import { join } from 'node:path';
import pino from 'pino';
import { openHistory } from '../../../daemon/src/server/history/open-history.ts';
import { openJobStore } from '../../../daemon/src/server/jobs/open-job-store.ts';
import { openWatchStore } from '../../../daemon/src/server/watch/watch-store.ts';

export const databaseNames = ['jobs.sqlite', 'history.sqlite', 'watch.sqlite'] as const;

/** The databases of a home, as a daemon opens them. */
export function openHomeDatabases(home: string) {
  const log = pino({ level: 'silent' });
  const history = openHistory({
    ...{ path: join(home, 'history.sqlite'), log, limits: () => ({ historyDays: 0, historyEntries: 100 }) },
  });
  const store = openJobStore({
    ...{ path: join(home, 'jobs.sqlite'), journalPath: join(home, 'journal.ndjson'), log, maxFinishedJobs: 100 },
  });
  const watch = openWatchStore(join(home, 'watch.sqlite'));
  return {
    ...{ history, store, watch },
    async close() {
      await store.close();
      history.close();
      watch.close();
    },
  };
}

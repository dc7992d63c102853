// The part of a daemon that looks after watched folders, with an engine that hears a recording at once: its text is what the
// file says. Told what to do by messages, and tells how far it is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import type { WatchRequest } from '../../daemon/src/protocol/watched-folders.ts';
import { openHistory } from '../../daemon/src/server/history/open-history.ts';
import { createJobs } from '../../daemon/src/server/jobs/create-jobs.ts';
import { openJobStore } from '../../daemon/src/server/jobs/open-job-store.ts';
import { createModelStore } from '../../daemon/src/server/models/model-store.ts';
import { openWatch } from '../../daemon/src/server/watch/open-watch.ts';
import { readSettings } from '../../daemon/src/settings/read-settings.ts';
import { instantResult } from './instant-result.ts';

const [, , home = ''] = process.argv;
const log = pino({ level: 'silent' });
const settings = readSettings('/nowhere/settings.json', {});
const history = openHistory({ path: join(home, 'history.sqlite'), log, limits: () => settings });
const store = openJobStore({
  ...{ path: join(home, 'jobs.sqlite'), journalPath: join(home, 'journal.ndjson'), log, maxFinishedJobs: 100 },
});
const jobs = createJobs({
  supervisor: {
    run: async ({ audioPath }) => resultOf(await readFile(audioPath, 'utf8')),
    cancel: () => undefined,
    state: () => ({
      ...{ status: 'ready', loading: null, model: null, memory: null, processId: 1, restarts: 0 },
      ...{ lastError: null, unconfinedConverter: null, models: [], memoryBudgetBytes: null, notKept: {} },
    }),
    grow: () => undefined,
    holdsBack: () => false,
    onStateChange: () => undefined,
  },
  ...{ log, store, history, removeUpload: async () => undefined, keepAsLost: async () => null },
  ...{ limits: () => settings, attendedPlaces: 0 },
});
await jobs.restore(store.jobs);
const models = createModelStore({ modelsFolder: join(home, 'models'), settings: () => settings });
const find = async () => ({ name: 'base', folder: '/models/base' });
const watch = openWatch({
  path: join(home, 'watch.sqlite'),
  ...{ jobs, models: { ...models, find }, history, log },
  times: { settleMs: 100, silentMs: 30_000, rescanMs: 400 },
});
watch.start();

process.on('message', async (request: WatchRequest) => {
  await watch.add(request);
  process.send?.({ added: true });
});
let told = '';
setInterval(() => {
  const state = watch.list().map(({ counts, problem }) => ({ counts, problem }));
  const { heapUsed } = process.memoryUsage();
  if (JSON.stringify(state) !== told) process.send?.({ state, heapUsed });
  told = JSON.stringify(state);
}, 20);
process.on('disconnect', () => process.exit(0));

function resultOf(text: string): Transcript {
  const decoding = { tokens: [], temperature: 0, avg_logprob: -0.1, compression_ratio: 1, no_speech_prob: 0 };
  return { ...instantResult, text, segments: [{ id: 0, seek: 0, start: 0, end: 1, text, ...decoding }] };
}

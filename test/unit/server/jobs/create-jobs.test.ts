import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import type { EngineEvent, EngineTask } from '../../../../daemon/src/protocol/engine-messages.ts';
import type { Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import { openHistory } from '../../../../daemon/src/server/history/open-history.ts';
import { createJobs, type JobsRequest } from '../../../../daemon/src/server/jobs/create-jobs.ts';
import type { Job, JobRequest } from '../../../../daemon/src/server/jobs/job.ts';
import type { Jobs } from '../../../../daemon/src/server/jobs/jobs.ts';
import { createLiveInput } from '../../../../daemon/src/server/jobs/live-input.ts';
import { openJobStore } from '../../../../daemon/src/server/jobs/open-job-store.ts';
import { type Blame, EngineCrash } from '../../../../daemon/src/server/supervisor/engine-crash.ts';
import type { EngineState } from '../../../../daemon/src/server/supervisor/supervisor.ts';
import { instantResult } from '../../../stand-ins/instant-result.ts';

interface Run {
  readonly task: EngineTask;
  readonly say: (event: EngineEvent) => void;
  readonly finish: (result?: Transcript) => void;
  readonly fail: (error: HearthError) => void;
}

interface Limits {
  readonly maxQueuedJobs?: number;
  readonly maxQueuedJobsPerClient?: number;
  readonly maxFinishedJobs?: number;
  readonly attendedPlaces?: number;
  readonly engineRetryMs?: number;
  readonly longRuns?: JobsRequest['longRuns'];
  readonly mostTextBytes?: number;
  readonly historyEntries?: () => number;
  readonly isReached?: (path: string) => Promise<boolean>;
  readonly keepAsLost?: (path: string) => Promise<string | null>;
}

const closing: (() => Promise<void>)[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'hearth-jobs-'));
  folders.push(home);
  return home;
}

function openStore(home: string) {
  const log = pino({ level: 'silent' });
  return openJobStore({
    ...{ path: join(home, 'jobs.sqlite'), journalPath: join(home, 'journal.ndjson') },
    ...{ log, maxFinishedJobs: 100 },
  });
}

/** Jobs on a supervisor whose runs the test ends, and what they leave behind: files of this home. */
function make(
  {
    attendedPlaces = 0,
    engineRetryMs = 1,
    longRuns = {},
    mostTextBytes = Number.MAX_SAFE_INTEGER,
    isReached = async () => true,
    historyEntries = () => 100,
    keepAsLost = async (path) => path,
    ...limits
  }: Limits = {},
  batchSize: number | null = 1,
  home = makeHome(),
) {
  const runs: Run[] = [];
  const engine = {
    ...{ batchSize, holdsBack: false, tellOfChange: (): void => undefined },
    /** The jobs that it was told to give up, and when it does. */
    cancelled: [] as string[],
    cancels: (fail: () => void): void => fail(),
  };
  const released: string[] = [];
  const kept: string[] = [];
  const log = pino({ level: 'silent' });
  const store = openStore(home);
  const history = openHistory({
    ...{ path: join(home, 'history.sqlite'), log },
    limits: () => ({ historyDays: 0, historyEntries: historyEntries() }),
  });
  const jobs = createJobs({
    supervisor: {
      run: (task, say) =>
        new Promise<Transcript>((resolve, reject) => {
          runs.push({ task, say, finish: (result = instantResult) => resolve(result), fail: reject });
        }),
      grow: () => undefined,
      state: () => ({ model: engine.batchSize === null ? null : { batchSize: engine.batchSize } }) as EngineState,
      holdsBack: () => engine.holdsBack,
      onStateChange(listener) {
        engine.tellOfChange = () => listener({} as EngineState);
      },
      cancel(jobId) {
        engine.cancelled.push(jobId);
        const run = runs.findLast(({ task }) => task.jobId === jobId);
        engine.cancels(() => run?.fail(new HearthError('CANCELLED', 'cancelled')));
      },
    },
    ...{ log, store, history },
    removeUpload: async (path) => void released.push(path),
    async keepAsLost(path) {
      kept.push(path);
      return keepAsLost(path);
    },
    engineRetryMs,
    longRuns,
    mostTextBytes,
    isReached,
    limits: () => ({ maxQueuedJobs: 10, maxQueuedJobsPerClient: 10, maxFinishedJobs: 10, ...limits }),
    attendedPlaces,
    retryMs: 1,
  });
  let isOpen = true;
  /** As the process of a daemon ends that was asked to. */
  const close = async () => {
    if (isOpen) {
      isOpen = false;
      await jobs.stop(0);
      await store.close();
      history.close();
    }
  };
  closing.push(close);
  /** What the file holds now. */
  const stored = async () => {
    const opened = openStore(home);
    await opened.close();
    return opened.jobs;
  };
  const submit = (audioPath: string, request: Partial<JobRequest> & { readonly client?: string } = {}) => {
    const { client = '', ...rest } = request;
    return jobs.takePlace(placeOf(client)).submit({ ...newJob, audioPath, ...rest });
  };
  return { home, jobs, runs, engine, released, kept, store, history, stored, submit, close };
}

const newJob: JobRequest = {
  ...{ audioPath: '/recording', uploaded: true, name: null, modelFolder: '/model', options: {} },
  ...{ priority: 'interactive', detached: false, kept: true },
};

const placeOf = (client: string) => ({ client, isFromNetwork: false, isAttended: true });

async function endOf(jobs: Jobs, job: Job): Promise<string> {
  for await (const _ of job.events.follow(0));
  return jobs.look(job.id).state;
}

const paths = (runs: readonly Run[]) => runs.map(({ task }) => task.audioPath);
const crashed = (blame: Blame) => new EngineCrash({ message: 'crashed', hint: '', blame });

test('jobs run one at a time, in the order they came', async () => {
  const { jobs, runs, released, submit } = make();
  const [a, b] = [await submit('a'), await submit('b')];
  expect([jobs.look(a.id).queuePosition, jobs.look(b.id).queuePosition]).toEqual([null, 0]);
  expect(paths(runs)).toEqual(['a']);
  runs[0]?.finish();
  expect(await endOf(jobs, a)).toBe('done');
  await untilRuns(runs, 2);
  runs[1]?.finish();
  expect(await endOf(jobs, b)).toBe('done');
  expect(released).toEqual(['a', 'b']);
  expect(jobs.look(b.id).result?.text).toBe(' hello');
});

test('as many run at once as the model decodes windows together', async () => {
  const { jobs, runs, submit } = make({}, 2);
  const [a, b, c] = [await submit('a'), await submit('b'), await submit('c')];
  expect(paths(runs)).toEqual(['a', 'b']);
  expect(jobs.counts()).toEqual({ queued: 1, running: 2 });
  runs[1]?.finish();
  expect(await endOf(jobs, b)).toBe('done');
  await untilRuns(runs, 3);
  for (const run of runs) run.finish();
  expect([await endOf(jobs, a), await endOf(jobs, c)]).toEqual(['done', 'done']);
});

test('jobs that came before the first model was ready run side by side once it is', async () => {
  const { runs, engine, submit } = make({}, null);
  for (const name of ['a', 'b', 'c', 'd']) await submit(name);
  expect(paths(runs)).toEqual(['a']);
  engine.batchSize = 3;
  engine.tellOfChange();
  expect(paths(runs)).toEqual(['a', 'b', 'c']);
  for (const run of runs) run.finish();
  await untilRuns(runs, 4);
  runs[3]?.finish();
});

test('work that waits while nothing takes it is told, and begun again as soon as that works', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'Date', 'queueMicrotask', 'nextTick'] });
  try {
    const { jobs, runs, engine, submit } = make({}, 0);
    await submit('waiting');
    jest.advanceTimersByTime(29_000);
    expect([jobs.stall(), runs.length]).toEqual([null, 0]);
    jest.advanceTimersByTime(1_000);
    expect(jobs.stall()).toMatchObject({
      code: 'ENGINE_STALLED',
      message: expect.stringContaining('Jobs are waiting'),
    });
    engine.batchSize = 1;
    jest.advanceTimersByTime(1_000);
    expect(paths(runs)).toEqual(['waiting']);
    jest.advanceTimersByTime(1_000);
    expect(jobs.stall()).toBe(null);
    engine.holdsBack = true;
    jest.advanceTimersByTime(30_000);
    expect(jobs.stall()).toMatchObject({ code: 'ENGINE_STALLED' });
    engine.holdsBack = false;
    jest.advanceTimersByTime(1_000);
    expect(jobs.stall()).toBe(null);
    runs[0]?.finish();
  } finally {
    jest.useRealTimers();
  }
});

test('a job whose engine crashed goes to the head of the queue once', async () => {
  const { jobs, runs, submit } = make();
  const [a, b] = [await submit('a'), await submit('b')];
  runs[0]?.fail(new HearthError('ENGINE_CRASHED', 'crashed'));
  await untilRuns(runs, 2);
  expect(runs[1]?.task.audioPath).toBe('a');
  runs[1]?.fail(new HearthError('ENGINE_CRASHED', 'crashed again'));
  expect(await endOf(jobs, a)).toBe('failed');
  expect(jobs.look(a.id).error).toMatchObject({ code: 'ENGINE_CRASHED', message: 'crashed again' });
  await untilRuns(runs, 3);
  runs[2]?.finish();
  expect(await endOf(jobs, b)).toBe('done');
});

test('a job can be cancelled while it waits and while it runs', async () => {
  const { jobs, runs, released, submit } = make();
  const [a, b] = [await submit('a'), await submit('b')];
  jobs.cancel(b.id);
  expect(await endOf(jobs, b)).toBe('cancelled');
  jobs.cancel(a.id);
  expect(await endOf(jobs, a)).toBe('cancelled');
  jobs.cancel(a.id);
  expect(released).toEqual(['b', 'a']);
  expect(runs).toHaveLength(1);
});

test('a full queue refuses, and has room again when a job has left it', async () => {
  const { jobs, submit } = make({ maxQueuedJobs: 1 });
  await submit('running');
  const waiting = await submit('waiting');
  expect(() => jobs.takePlace(placeOf(''))).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }));
  jobs.cancel(waiting.id);
  const place = jobs.takePlace(placeOf(''));
  expect(() => jobs.takePlace(placeOf(''))).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }));
  place.release();
  jobs.takePlace(placeOf('')).release();
});

test('one client cannot take all the room', async () => {
  const { jobs, submit } = make({ maxQueuedJobsPerClient: 1 });
  await submit('running', { client: 'greedy' });
  await submit('waiting', { client: 'greedy' });
  expect(() => jobs.takePlace(placeOf('greedy'))).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }));
  expect((await submit('other', { client: 'modest' })).state).toBe('queued');
});

test('clients take turns, however many jobs each has', async () => {
  const { jobs, runs, submit } = make();
  for (const name of ['a1', 'a2', 'a3']) await submit(name, { client: 'a' });
  const last = await submit('b1', { client: 'b' });
  expect(jobs.look(last.id).queuePosition).toBe(0);
  for (let count = 1; count <= 4; count++) {
    await untilRuns(runs, count);
    runs[count - 1]?.finish();
  }
  expect(paths(runs)).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('an interactive job goes to the engine while a bulk one runs, and before bulk ones that wait but for one', async () => {
  const { jobs, runs, submit } = make();
  await submit('bulk', { priority: 'bulk' });
  const waiting = await submit('later bulk', { priority: 'bulk' });
  await submit('last bulk', { priority: 'bulk' });
  await submit('clip');
  const secondClip = await submit('second clip');
  expect(paths(runs)).toEqual(['bulk', 'clip']);
  expect([jobs.look(secondClip.id).queuePosition, jobs.look(waiting.id).queuePosition]).toEqual([0, 1]);
  runs[0]?.finish();
  await untilRuns(runs, 3);
  runs[1]?.finish();
  await untilRuns(runs, 4);
  runs[3]?.finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(paths(runs)).toEqual(['bulk', 'clip', 'later bulk', 'second clip']);
  runs[2]?.finish();
  await untilRuns(runs, 5);
  expect(paths(runs)).toEqual(['bulk', 'clip', 'later bulk', 'second clip', 'last bulk']);
});

test('a job that stood still when the engine crashed is put back as often as that happens', async () => {
  const { jobs, runs, submit } = make();
  const [bulk, clip] = [await submit('bulk', { priority: 'bulk' }), await submit('clip')];
  runs[0]?.fail(crashed('none'));
  runs[1]?.fail(crashed('alone'));
  await untilRuns(runs, 3);
  runs[2]?.fail(crashed('alone'));
  expect(await endOf(jobs, clip)).toBe('failed');
  await untilRuns(runs, 4);
  runs[3]?.finish();
  expect(await endOf(jobs, bulk)).toBe('done');
  expect(paths(runs)).toEqual(['bulk', 'clip', 'clip', 'bulk']);
});

test('the suspects of a crash run again one at a time before others, and only the culprit fails', async () => {
  const { jobs, runs, submit } = make({}, 3);
  const names = ['a', 'poison', 'c', 'd', 'e'];
  const submitted: Job[] = [];
  for (const name of names) submitted.push(await submit(name, { priority: 'bulk' }));
  const begun = runs.splice(0);
  expect(paths(begun)).toEqual(['a', 'poison', 'c']);
  for (const run of begun) run.fail(crashed('shared'));
  const order: string[] = [];
  for (let turn = 0; turn < 4; turn++) {
    await untilRuns(runs, 1);
    expect(runs).toHaveLength(1);
    const [{ task, finish, fail }] = runs.splice(0) as [Run];
    order.push(task.audioPath);
    if (task.audioPath === 'poison') fail(crashed('alone'));
    else finish();
  }
  // In the order in which they came; the one that crashed it alone lets those go first that may be innocent.
  expect(order).toEqual(['a', 'poison', 'c', 'poison']);
  await untilRuns(runs, 2);
  expect(paths(runs)).toEqual(['d', 'e']);
  for (const run of runs) run.finish();
  const ends = await Promise.all(submitted.map((job) => endOf(jobs, job)));
  expect(ends).toEqual(['done', 'failed', 'done', 'done', 'done']);
});

test('nobody waits for a suspect that is cancelled, and interactive jobs wait for no bulk suspect', async () => {
  const { jobs, runs, submit } = make({}, 2);
  const [a, b] = [await submit('a', { priority: 'bulk' }), await submit('b', { priority: 'bulk' })];
  for (const run of runs.splice(0)) run.fail(crashed('shared'));
  await untilRuns(runs, 1);
  const waiting = runs[0]?.task.audioPath === 'a' ? b : a;
  for (const name of ['clip', 'second clip']) await submit(name);
  expect(paths(runs).slice(1)).toEqual(['clip', 'second clip']);
  jobs.cancel(waiting.id);
  for (const run of runs.splice(0)) run.finish();
  for (const name of ['c', 'd']) await submit(name, { priority: 'bulk' });
  await untilRuns(runs, 2);
  expect(paths(runs)).toEqual(['c', 'd']);
});

test('finished jobs are kept up to their limit', async () => {
  const { jobs, runs, submit } = make({ maxFinishedJobs: 1 });
  const first = await submit('first');
  runs[0]?.finish();
  await endOf(jobs, first);
  const second = await submit('second');
  await untilRuns(runs, 2);
  runs[1]?.finish();
  await endOf(jobs, second);
  expect(jobs.list().map(({ id }) => id)).toEqual([second.id]);
  expect(() => jobs.get(first.id)).toThrow(expect.objectContaining({ code: 'JOB_NOT_FOUND' }));
});

test('stopping lets the running job end, drops what waits and takes no more', async () => {
  const { jobs, runs, submit } = make();
  const [running, waiting] = [await submit('running'), await submit('waiting')];
  const stopped = jobs.stop(60_000);
  expect(() => jobs.takePlace(placeOf(''))).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }));
  runs[0]?.finish();
  await stopped;
  expect([await endOf(jobs, running), await endOf(jobs, waiting)]).toEqual(['done', 'cancelled']);
});

test('stopping cancels a job that outlasts the limit', async () => {
  const { jobs, submit } = make();
  const running = await submit('running');
  await jobs.stop(0);
  expect(await endOf(jobs, running)).toBe('cancelled');
});

test('a second stop need not wait as long as the first', async () => {
  const { jobs, submit } = make();
  const running = await submit('running');
  const stopped = jobs.stop(60_000);
  await jobs.stop(0);
  await stopped;
  expect(await endOf(jobs, running)).toBe('cancelled');
});

test('a result goes to the history, unless its client wants none of that', async () => {
  const { jobs, runs, history, submit } = make();
  const [remembered, forgotten] = [await submit('a', { name: 'talk.mp3' }), await submit('b', { kept: false })];
  for (const [index, job] of [remembered, forgotten].entries()) {
    await untilRuns(runs, index + 1);
    runs[index]?.finish();
    await endOf(jobs, job);
  }
  expect(history.find(remembered.id)).toMatchObject({ name: 'talk.mp3', result: { text: ' hello' } });
  expect(history.find(forgotten.id)).toBe(null);
});

test('a detached job is on disk before its client hears of it, and its end before its followers do', async () => {
  const { jobs, runs, history, stored, submit } = make();
  const job = await submit('/spool/a', { detached: true, priority: 'bulk' });
  expect(await stored()).toMatchObject([
    { accepted: { id: job.id, audioPath: '/spool/a', uploaded: true }, ended: null },
  ]);
  runs[0]?.finish();
  for await (const event of job.events.follow(0)) {
    if (event.type === 'job-done') {
      expect(await stored()).toMatchObject([{ accepted: { id: job.id }, ended: { state: 'done', result: null } }]);
      expect(history.find(job.id)?.result.text).toBe(' hello');
    }
  }
  await jobs.stop(0);
});

test('the text of a detached job that is kept out of the history is kept beside its end', async () => {
  const { home, jobs, runs, stored, submit, close } = make();
  const job = await submit('a', { detached: true, kept: false });
  runs[0]?.finish();
  await endOf(jobs, job);
  expect(await stored()).toMatchObject([{ ended: { state: 'done', result: { text: ' hello' } } }]);
  await close();
  const later = make({}, 1, home);
  await later.jobs.restore(later.store.jobs);
  expect(later.jobs.look(job.id).result?.text).toBe(' hello');
  expect(later.history.find(job.id)).toBe(null);
});

test('texts of ended jobs that take much memory are left to the history, and those that nobody else has are not', async () => {
  const earlier = make({ mostTextBytes: 1 });
  const ids: string[] = [];
  for (const [index, kept] of [true, false, true, true].entries()) {
    const job = await earlier.submit(`${index}`, { detached: true, kept });
    earlier.runs[index]?.finish();
    expect(await endOf(earlier.jobs, job)).toBe('done');
    ids.push(job.id);
  }
  const known = ({ jobs }: Pick<typeof earlier, 'jobs'>) => jobs.list().map(({ id }) => ids.indexOf(id));
  expect(known(earlier)).toEqual([1, 3]);
  expect(earlier.history.find(ids[0] as string)?.result.text).toBe(' hello');
  await earlier.close();
  const later = make({ mostTextBytes: 1 }, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(known(later)).toEqual([1, 3]);
});

test('a start reads from the history no more texts than may stay in the memory', async () => {
  const earlier = make();
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) {
    const job = await earlier.submit(`${index}`, { detached: true });
    earlier.runs[index]?.finish();
    await endOf(earlier.jobs, job);
    ids.push(job.id);
  }
  await earlier.close();
  const later = make({ mostTextBytes: 1 }, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(later.jobs.list().map(({ id }) => id)).toEqual([ids[2]]);
});

test('a daemon that stops leaves detached jobs to the next one', async () => {
  const { jobs, runs, released, stored, submit } = make();
  await submit('running', { detached: true });
  await submit('waiting', { detached: true });
  await jobs.stop(0);
  expect(paths(runs)).toEqual(['running']);
  expect(released).toEqual([]);
  expect((await stored()).map(({ ended }) => ended)).toEqual([null, null]);
});

test('what an earlier daemon promised runs again, and what it had ended can be looked at', async () => {
  const earlier = make();
  const done = await earlier.submit('done', { detached: true });
  earlier.runs[0]?.finish();
  await endOf(earlier.jobs, done);
  const unfinished = await earlier.submit('unfinished', { detached: true });
  const cancelled = await earlier.submit('cancelled', { detached: true });
  earlier.jobs.cancel(cancelled.id);
  await endOf(earlier.jobs, cancelled);
  await earlier.close();

  const later = make({}, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(later.jobs.look(done.id)).toMatchObject({ state: 'done', result: { text: ' hello' } });
  expect(later.jobs.look(cancelled.id)).toMatchObject({ state: 'cancelled', result: null });
  expect(paths(later.runs)).toEqual(['unfinished']);
  later.runs[0]?.finish();
  expect(await endOf(later.jobs, later.jobs.get(unfinished.id))).toBe('done');
  expect((await later.stored()).map(({ ended }) => ended?.state)).toEqual(['done', 'done', 'cancelled']);
});

test('an attached job whose daemon died has ended, since its client went with it', async () => {
  const earlier = make();
  const { id } = await earlier.submit('/spool/attached');
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  // Nothing of the earlier one is stopped or closed in good order.
  const later = make({}, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(later.jobs.look(id)).toMatchObject({ state: 'cancelled' });
  expect(later.released).toEqual(['/spool/attached']);
  expect(later.runs).toEqual([]);
});

test('ended jobs are forgotten in the file as well, the first that ended first', async () => {
  const { jobs, runs, stored, submit } = make({ maxFinishedJobs: 2 }, 3);
  const submitted = [];
  for (const name of ['a', 'b', 'c']) submitted.push(await submit(name, { detached: true }));
  for (const index of [2, 0, 1]) {
    runs[index]?.finish();
    await endOf(jobs, submitted[index] as Job);
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect((await stored()).map(({ accepted }) => accepted.audioPath)).toEqual(['a', 'b']);
});

/** Another program, such as a backup, that holds a file until the answer is called. */
function hold(path: string): () => void {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test.each([true, false])(
  'a text that the history does not take is kept with its job and told (detached: %j)',
  async (detached) => {
    const { home, jobs, runs, released, history, submit } = make();
    const release = hold(join(home, 'history.sqlite'));
    const job = await submit('a', { name: 'talk', detached });
    runs[0]?.finish();
    expect(await endOf(jobs, job)).toBe('done');
    expect(released).toEqual(['a']);
    const told = 'Its transcript is not in the history yet. Another program holds the history.';
    expect(jobs.look(job.id)).toMatchObject({ result: { text: ' hello' }, warnings: [told] });
    expect(jobs.warnings()).toEqual([expect.stringContaining('not in the history yet, but kept with their jobs: 1.')]);
    release();
    await until(() => jobs.warnings().length === 0);
    expect(history.find(job.id)).toMatchObject({ name: 'talk', result: { text: ' hello' } });
    expect(jobs.look(job.id).warnings).toEqual([]);
  },
);

test('a text that waits for the history stays with its job when the history is turned off meanwhile', async () => {
  let historyEntries = 100;
  const { home, jobs, runs, stored, submit, close } = make({ historyEntries: () => historyEntries });
  const release = hold(join(home, 'history.sqlite'));
  const job = await submit('a', { detached: true });
  runs[0]?.finish();
  await endOf(jobs, job);
  historyEntries = 0;
  release();
  await until(() => jobs.warnings().length === 0);
  expect(jobs.look(job.id)).toMatchObject({ result: { text: ' hello' }, warnings: [] });
  await close();
  expect((await stored()).map(({ ended }) => [ended?.result?.text, ended?.awaitsHistory])).toEqual([[' hello', false]]);
});

test.each([true, false])('a text that waits for the history outlives its daemon (detached: %j)', async (detached) => {
  const earlier = make({ maxFinishedJobs: 0 });
  const release = hold(join(earlier.home, 'history.sqlite'));
  const job = await earlier.submit('a', { name: 'talk', detached });
  earlier.runs[0]?.finish();
  await until(() => earlier.jobs.list().length === 0);
  await earlier.close();
  release();
  const later = make({}, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(later.jobs.look(job.id).result?.text).toBe(' hello');
  await until(() => later.jobs.warnings().length === 0);
  expect(later.history.find(job.id)?.result.text).toBe(' hello');
  expect((await later.stored()).map(({ ended }) => ended?.result)).toEqual([null]);
});

test('an end that cannot be written is told, keeps the upload, and is written later', async () => {
  const { home, jobs, runs, released, history, stored, submit } = make();
  const job = await submit('a', { detached: true });
  const release = hold(join(home, 'jobs.sqlite'));
  runs[0]?.finish();
  expect(await endOf(jobs, job)).toBe('done');
  expect(released).toEqual([]);
  expect(jobs.warnings()).toEqual([
    'Ended jobs whose end is not on disk yet: 1. Another program holds the list of jobs.',
  ]);
  expect(history.find(job.id)?.result.text).toBe(' hello');
  release();
  await until(() => jobs.warnings().length === 0);
  expect(released).toEqual(['a']);
  expect(await stored()).toMatchObject([{ ended: { state: 'done' } }]);
});

test('a job that is deleted while the ends before it are written does not come back', async () => {
  const { home, jobs, runs, released, history, stored, submit } = make({}, 2);
  const [first, second] = [await submit('a', { detached: true }), await submit('b', { detached: true })];
  const releases = ['jobs.sqlite', 'history.sqlite'].map((name) => hold(join(home, name)));
  for (const [index, job] of [first, second].entries()) {
    runs[index]?.finish();
    expect(await endOf(jobs, job)).toBe('done');
  }
  released.push = (path) => {
    if (path === 'a') jobs.erase([second.id]);
    return 0;
  };
  for (const release of releases) release();
  await until(() => jobs.warnings().length === 0);
  expect([first, second].map(({ id }) => history.find(id) !== null)).toEqual([true, false]);
  expect((await stored()).map(({ accepted }) => accepted.id)).toEqual([first.id]);
});

test('where neither file takes anything a promised job runs again after a restart', async () => {
  const earlier = make();
  const job = await earlier.submit('a', { detached: true });
  const releases = ['jobs.sqlite', 'history.sqlite'].map((name) => hold(join(earlier.home, name)));
  earlier.runs[0]?.finish();
  expect(await endOf(earlier.jobs, job)).toBe('done');
  await earlier.close();
  for (const release of releases) release();
  expect(earlier.released).toEqual([]);
  const later = make({}, 1, earlier.home);
  await later.jobs.restore(later.store.jobs);
  expect(paths(later.runs)).toEqual(['a']);
});

test('a job that somebody holds before a start is not forgotten by it, and is once nobody does', async () => {
  const earlier = make();
  const ids: string[] = [];
  for (let index = 0; index < 3; index++) {
    const job = await earlier.submit(`${index}`, { detached: true, kept: false });
    earlier.runs[index]?.finish();
    await endOf(earlier.jobs, job);
    ids.push(job.id);
  }
  await earlier.close();
  const [awaited = ''] = ids;
  const later = make({ maxFinishedJobs: 1 }, 1, earlier.home);
  const [first, second] = [later.jobs.hold(awaited), later.jobs.hold(awaited)];
  await later.jobs.restore(later.store.jobs);
  first();
  const next = await later.submit('next');
  later.runs[0]?.finish();
  await endOf(later.jobs, next);
  expect(later.jobs.look(awaited).result?.text).toBe(' hello');
  second();
  const last = await later.submit('last');
  later.runs[1]?.finish();
  await endOf(later.jobs, last);
  expect(later.jobs.list().map(({ id }) => id)).toEqual([last.id]);
});

test('a model that a job needs is known to be needed, from its acceptance to its end', async () => {
  const { jobs, runs, submit } = make();
  const [running, waiting] = [
    await submit('a', { modelFolder: '/models/x' }),
    await submit('b', { modelFolder: '/hub/y/snapshots/1' }),
  ];
  const needed = () => ['/models/x', '/hub/y', '/models', '/models/xy', '/hub/y/snapshots/2'].map(jobs.needsModel);
  expect(needed()).toEqual([true, true, true, false, false]);
  jobs.cancel(waiting.id);
  await endOf(jobs, waiting);
  runs[0]?.finish();
  await endOf(jobs, running);
  await until(() => jobs.counts().running === 0);
  expect(needed()).toEqual([false, false, false, false, false]);
});

async function untilRuns(runs: readonly Run[], count: number): Promise<void> {
  while (runs.length < count) await new Promise((resolve) => setImmediate(resolve));
}

const windowOf = (index: number): EngineEvent => {
  const processedSeconds = 30 * (index + 1);
  return { type: 'segments-decoded', jobId: '', segments: [], processedSeconds };
};

test('an interactive job that takes long makes way for one that waits, and begins again as bulk work', async () => {
  const { jobs, runs, submit } = make({ longRuns: { longMs: 20, fewWindows: 2 } }, 1);
  const long = await submit('long');
  runs[0]?.say({ type: 'audio-opened', jobId: '', audio: {} as never });
  const short = await submit('short', { client: 'other' });
  for (let window = 0; window < 3; window++) runs[0]?.say(windowOf(window));
  await untilRuns(runs, 3);
  expect(runs.map(({ task }) => [task.audioPath, task.priority])).toEqual([
    ['long', 'interactive'],
    ['short', 'interactive'],
    ['long', 'bulk'],
  ]);
  runs[1]?.finish();
  runs[2]?.finish();
  expect([await endOf(jobs, short), await endOf(jobs, long)]).toEqual(['done', 'done']);
  expect(jobs.look(long.id).priority).toBe('bulk');
});

test('it also makes way for one on the engine that cannot open its recording beside it', async () => {
  const { jobs, runs, submit } = make({ longRuns: { longMs: 20, fewWindows: 0, unopenedMs: 20 } }, 2);
  const [long, short] = [await submit('long'), await submit('short')];
  runs[0]?.say({ type: 'audio-opened', jobId: '', audio: {} as never });
  runs[0]?.say(windowOf(0));
  await untilRuns(runs, 3);
  expect(runs[2]?.task).toMatchObject({ audioPath: 'long', priority: 'bulk' });
  for (const { finish } of runs.slice(1)) finish();
  expect([await endOf(jobs, short), await endOf(jobs, long)]).toEqual(['done', 'done']);
});

test('a clip on a busy machine takes as long as it needs', async () => {
  const { jobs, runs, engine, submit } = make({ longRuns: { longMs: 1, fewWindows: 2, unopenedMs: 1 } }, 2);
  const [clip, other] = [await submit('clip'), await submit('other')];
  for (let window = 0; window < 2; window++) runs[0]?.say(windowOf(window));
  const third = await submit('long', { client: 'long' });
  // It stays on the engine for longer than a long run.
  for (let window = 0; engine.cancelled.length === 0; window++) {
    runs[1]?.say(windowOf(window));
    await new Promise(setImmediate);
  }
  expect(engine.cancelled).toEqual([other.id]);
  await untilRuns(runs, 3);
  for (const { finish } of [...runs]) finish();
  await untilRuns(runs, 4);
  runs[3]?.finish();
  expect(await Promise.all([clip, other, third].map((job) => endOf(jobs, job)))).toEqual(['done', 'done', 'done']);
});

test('one that makes way and is cancelled meanwhile ends as cancelled', async () => {
  const { jobs, runs, engine, submit } = make({ longRuns: { longMs: 20, fewWindows: 0 } }, 1);
  const cancelled = Promise.withResolvers<void>();
  engine.cancels = (fail) => void cancelled.promise.then(fail);
  const long = await submit('long');
  const short = await submit('short', { client: 'other' });
  runs[0]?.say(windowOf(0));
  while (engine.cancelled.length === 0) await new Promise(setImmediate);
  jobs.cancel(long.id);
  cancelled.resolve();
  expect(await endOf(jobs, long)).toBe('cancelled');
  await untilRuns(runs, 2);
  runs[1]?.finish();
  expect(await endOf(jobs, short)).toBe('done');
});

test('a promised job waits for an engine that can run, one whose client waits hears why there is none', async () => {
  const { jobs, runs, released, kept, submit } = make({}, 1);
  const promised = await submit('a', { detached: true });
  const unavailable = () => new HearthError('ENGINE_UNAVAILABLE', 'It does not start.');
  for (let count = 0; count < 6; count++) {
    await untilRuns(runs, count + 1);
    runs[count]?.fail(unavailable());
  }
  await untilRuns(runs, 7);
  expect([jobs.look(promised.id).state, released, kept]).toEqual(['running', [], []]);
  runs[6]?.finish();
  expect(await endOf(jobs, promised)).toBe('done');
  const attended = await submit('b');
  await untilRuns(runs, 8);
  runs[7]?.fail(unavailable());
  expect(await endOf(jobs, attended)).toBe('failed');
});

test('one that waits for an engine is counted, cancelled, and left for the next daemon', async () => {
  const { jobs, runs, submit, stored, close } = make({}, 2);
  const [cancelled, left] = [await submit('a', { detached: true }), await submit('b', { detached: true })];
  for (const run of runs.slice(0, 2)) run.fail(new HearthError('ENGINE_UNAVAILABLE', 'It does not start.'));
  jobs.cancel(cancelled.id);
  expect(await endOf(jobs, cancelled)).toBe('cancelled');
  expect(jobs.look(left.id).state).not.toBe('failed');
  await close();
  expect((await stored()).find(({ accepted }) => accepted.id === left.id)?.ended).toBeNull();
});

test('a recording whose disk does not answer fails, and one that is cancelled meanwhile is not handed over', async () => {
  const answers: ((isReached: boolean) => void)[] = [];
  const isReached = () => new Promise<boolean>((resolve) => answers.push(resolve));
  const { jobs, runs, submit } = make({ isReached }, 1);
  const byPath = { uploaded: false } as const;
  const [silent, cancelled, well] = [await submit('a', byPath), await submit('b', byPath), await submit('c', byPath)];
  answers[0]?.(false);
  expect(await endOf(jobs, silent)).toBe('failed');
  expect(jobs.look(silent.id).error).toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: 'Expected a recording at a, but its disk does not answer.',
  });
  while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve));
  jobs.cancel(cancelled.id);
  answers[1]?.(true);
  expect(await endOf(jobs, cancelled)).toBe('cancelled');
  while (answers.length < 3) await new Promise((resolve) => setImmediate(resolve));
  answers[2]?.(true);
  await untilRuns(runs, 1);
  expect(runs.map(({ task }) => task.audioPath)).toEqual(['c']);
  runs[0]?.finish();
  expect(await endOf(jobs, well)).toBe('done');
});

test('jobs that wait for an engine have their places in the queue', async () => {
  const { runs, submit } = make({ engineRetryMs: 3_600_000, maxQueuedJobs: 2 }, 1);
  for (const [index, name] of ['a', 'b'].entries()) {
    await submit(name, { detached: true });
    await untilRuns(runs, index + 1);
    runs[index]?.fail(new HearthError('ENGINE_UNAVAILABLE', 'It does not start.'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect(async () => submit('c', { detached: true })).rejects.toMatchObject({ code: 'QUEUE_FULL' });
});

test('the recording of a promised job whose model is away is kept', async () => {
  const { jobs, runs, released, kept, submit } = make({}, 1);
  const options = {
    model: '/Volumes/My disk/m',
    language: 'de',
    wordTimestamps: true,
    vad: false,
    temperature: [0, 0.2],
  };
  const job = await submit('a', { detached: true, options });
  runs[0]?.fail(new HearthError('MODEL_NOT_FOUND', 'Its disk is away.'));
  expect(await endOf(jobs, job)).toBe('failed');
  expect([released, kept]).toEqual([[], ['a']]);
  expect(jobs.look(job.id).error?.hint).toMatch(
    /To transcribe it again: `hearth transcribe '--model=\/Volumes\/My disk\/m' --language=de --word-timestamps --no-vad --temperature=0,0.2 a`$/,
  );
});

test.each([
  ['ENGINE_CRASHED', true],
  ['DISK_FULL', true],
  ['CONVERTER_MISSING', true],
  ['CONVERTER_FAILED', true],
  ['HOME_NOT_WRITABLE', true],
  ['AUDIO_EMPTY', false],
  ['AUDIO_CORRUPT', false],
] as const)('the recording of a promised job that fails with %s is kept: %j', async (code, isKept) => {
  const { jobs, runs, released, kept, submit } = make({}, 1);
  const job = await submit('a', { detached: true });
  for (let count = 1; jobs.look(job.id).endedAt === null; count++) {
    runs[count - 1]?.fail(new HearthError(code, 'It did not work.'));
    while (runs.length === count && jobs.look(job.id).endedAt === null) await new Promise(setImmediate);
  }
  expect(await endOf(jobs, job)).toBe('failed');
  expect([released, kept]).toEqual(isKept ? [[], ['a']] : [['a'], []]);
});

test('no job ends before the recording that its end promises is in its place', async () => {
  let moved: (path: string) => void = () => undefined;
  const moving = new Promise<string>((resolve) => {
    moved = resolve;
  });
  const { jobs, runs, kept, submit, stored } = make({ keepAsLost: () => moving }, 1);
  const job = await submit('a', { detached: true });
  runs[0]?.fail(new HearthError('MODEL_INVALID', 'It is broken.'));
  while (kept.length === 0) await new Promise(setImmediate);
  const [before, told] = [(await stored()).map(({ ended }) => ended), jobs.look(job.id)];
  moved('/elsewhere/a.kept');
  expect(before).toEqual([null]);
  expect(told).toMatchObject({ state: 'running', error: null });
  expect(await endOf(jobs, job)).toBe('failed');
  expect((await stored())[0]?.ended?.error?.hint).toMatch(
    /kept\. To .* again: `hearth transcribe \/elsewhere\/a\.kept`$/,
  );
});

test('nothing is promised of a recording that is nowhere', async () => {
  const { jobs, runs, submit } = make({ keepAsLost: async () => null }, 1);
  const job = await submit('a', { detached: true });
  runs[0]?.fail(new HearthError('MODEL_INVALID', 'It is broken.'));
  expect(await endOf(jobs, job)).toBe('failed');
  expect(jobs.look(job.id).error?.hint).not.toMatch(/transcribe/);
});

const liveJob = () => {
  const upload = { path: 'a', byteCount: () => 44, append: async () => undefined, close: async () => undefined };
  const turns = { detection: 'voice', silenceSeconds: null, paddingSeconds: null } as const;
  return { detached: true, input: createLiveInput({ upload, turns }) };
};

const said = (id: number, text: string): readonly EngineEvent[] => {
  const [start, end] = [10 * id, 10 * id + 10];
  const scores = { tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  const segments = [{ id, seek: 0, start, end, text, ...scores }];
  return [
    { type: 'segments-decoded', jobId: '', segments, processedSeconds: end },
    { type: 'text-committed', jobId: '', startSeconds: start, endSeconds: end, text },
  ];
};

test('a live session whose engines die again and again ends with its committed text, and its sound is kept', async () => {
  const { jobs, runs, released, kept, history, submit } = make({}, 1);
  const job = await submit('a', liveJob());
  runs[0]?.say({ type: 'language-detected', jobId: '', language: 'fr', probability: 0.9 });
  for (const event of [...said(0, ' Bonjour.'), ...said(1, ' Ça va ?')]) runs[0]?.say(event);
  for (let count = 1; count <= 3; count++) {
    await untilRuns(runs, count);
    runs[count - 1]?.fail(crashed('alone'));
  }
  expect(await endOf(jobs, job)).toBe('done');
  expect([released, kept]).toEqual([[], ['a']]);
  const { result } = jobs.look(job.id);
  expect(result).toMatchObject({ text: ' Bonjour. Ça va ?', language: 'fr', duration: 20 });
  expect(result?.warning_codes).toEqual(['text-cut-off']);
  expect(result?.warnings.join(' ')).toMatch(/text ends early\. crashed .*`hearth transcribe a`/);
  expect(history.find(job.id)?.result.text).toBe(' Bonjour. Ça va ?');
});

test('a live session that has no text yet fails, and its sound is kept', async () => {
  const { jobs, runs, released, kept, submit } = make({}, 1);
  const job = await submit('a', liveJob());
  for (let count = 1; count <= 3; count++) {
    await untilRuns(runs, count);
    runs[count - 1]?.fail(crashed('alone'));
  }
  expect(await endOf(jobs, job)).toBe('failed');
  expect([released, kept]).toEqual([[], ['a']]);
});

test('a crash beside other work is not charged to a live session, but it does not run for good without getting on', async () => {
  const { jobs, runs, submit } = make({}, 1);
  const job = await submit('a', liveJob());
  const crash = async (blame: Blame) => {
    const count = runs.length;
    runs[count - 1]?.fail(crashed(blame));
    while (runs.length === count && jobs.look(job.id).endedAt === null) await new Promise(setImmediate);
  };
  for (const blame of [...Array(9).fill('shared'), 'alone', 'alone', 'none', 'none'] as Blame[]) await crash(blame);
  expect(jobs.look(job.id).state).toBe('running');
  for (const event of said(0, ' It gets on.')) runs.at(-1)?.say(event);
  for (const blame of [...Array(9).fill('shared'), 'alone', 'alone'] as Blame[]) await crash(blame);
  expect(jobs.look(job.id).state).toBe('running');
  await crash('shared');
  expect(await endOf(jobs, job)).toBe('done');
});

test('a live session in which nobody spoke takes no place in the history', async () => {
  const { jobs, runs, history, submit } = make({}, 1);
  for (const text of ['', ' hello']) {
    const job = await submit('a', liveJob());
    runs.at(-1)?.finish({ ...instantResult, text });
    expect(await endOf(jobs, job)).toBe('done');
    expect(history.find(job.id) !== null).toBe(text !== '');
  }
});

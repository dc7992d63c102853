import type { Logger } from 'pino';
import type { ErrorCode } from '../../errors/error-codes.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { JobPriority } from '../../protocol/job.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import { afterRunningFor } from '../../time/after-running-for.ts';
import { type Blame, EngineCrash } from '../supervisor/engine-crash.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { cleanJobText } from './clean-job-text.ts';
import { committedTranscript } from './committed-transcript.ts';
import type { NewJobEnd } from './event-log.ts';
import { watchHandover } from './handover-watch.ts';
import type { Job } from './job.ts';
import { createJobWords, type JobWordLists } from './job-words.ts';
import type { JobCounts } from './jobs.ts';
import { liveTaskOf } from './live-job.ts';
import { type LongRunsRequest, watchLongRuns } from './long-runs.ts';
import { createReach } from './reach-recording.ts';
import { recordEngineEvent } from './record-engine-event.ts';
import { createWaitingJobs, type WaitingJobs } from './waiting-jobs.ts';

/**
 * Engines in a row that may die under a live session before it gets on: with nothing else at work, and beside others, of
 * which one may be the cause.
 */
const mostCrashesOfLive = { alone: 3, shared: 10 };
const defaultEngineRetryMs = 30_000;

/** Hands jobs to the engine, each in its turn, until they end. */
export interface JobRunner {
  /** Those that wait for their turn; in the counts also those that wait for an engine. */
  readonly waiting: Pick<WaitingJobs, 'size' | 'countOf' | 'positionOf' | 'inOrder'>;
  add(job: Job): void;
  /** Adds jobs of an earlier daemon, in their order. */
  addAll(jobs: readonly Job[]): void;
  /** Ends a job that has not ended. */
  cancel(job: Job): void;
  counts(): JobCounts;
  /** The folders of the models of jobs that have not ended. */
  neededModels(): readonly string[];
  stall(): WireError | null;
  isStopping(): boolean;
  /** Cancels attached jobs that wait, and those that run once `drainMs` have passed; resolves when none runs. */
  stop(drainMs: number): Promise<void>;
}

export interface JobRunnerRequest {
  readonly supervisor: Pick<Supervisor, 'run' | 'grow' | 'cancel' | 'state' | 'holdsBack' | 'onStateChange'>;
  readonly log: Logger;
  /** The home's lists, for jobs that ask for them. */
  readonly words: () => JobWordLists | Promise<JobWordLists>;
  readonly onEvent: (job: Job, event: EngineEvent) => void;
  /** Puts the end of a job where it belongs and tells of it. */
  readonly end: (job: Job, end: NewJobEnd) => Promise<void>;
  /** How long a promised job waits where no engine runs. */
  readonly engineRetryMs?: number;
  readonly longRuns?: Pick<LongRunsRequest, 'longMs' | 'fewWindows' | 'unopenedMs'>;
  /** Whether the disk of a recording answers. */
  readonly isReached?: (path: string) => Promise<boolean>;
}

/**
 * Of each class as many jobs are on the engine at a time as its model decodes windows together. While an interactive one
 * runs, bulk ones stand still but for a turn now and then, and only a first one is handed over.
 */
export function createJobRunner(request: JobRunnerRequest): JobRunner {
  const {
    supervisor,
    log,
    words,
    onEvent,
    end,
    engineRetryMs = defaultEngineRetryMs,
    isReached = createReach(),
  } = request;
  const waiting = createWaitingJobs();
  const wordsFor = createJobWords(words);
  const running = new Map<Job, Promise<void>>();
  /** Ends of jobs that were cancelled while they waited. */
  const endings = new Set<Promise<void>>();
  /** Jobs that were at work when their engine died. Each runs again before others of its class, and by itself. */
  const suspects = new Set<Job>();
  /** Promised jobs that wait for an engine that can run. */
  const resting = new Map<Job, NodeJS.Timeout>();
  /** Those that were cancelled on the engine, which may have been gone by then. */
  const unwanted = new WeakSet<Job>();
  /** Those that were taken from the engine since others waited for them. */
  const makingWay = new Set<Job>();
  let stopping = false;
  /** Whether running jobs were told to make way for the daemon's end. */
  let interrupting = false;

  function add(job: Job): void {
    if (job.live !== null) {
      job.events.append({ type: 'job-queued', position: 0 });
      start(job);
      return;
    }
    waiting.add(job);
    const isIdle = running.size === 0;
    job.events.append({ type: 'job-queued', position: (waiting.positionOf(job) ?? 0) + (isIdle ? 0 : 1) });
    runNext();
  }

  function runNext(): void {
    if (stopping) return;
    startLane('interactive', limitOf('interactive'));
    if (countRunning('interactive') === 0) startLane('bulk', limitOf('bulk'));
    // Most of the time bulk jobs would only stand still now, but one has its turns. A suspect needs to be alone.
    else if (!hasSuspects('interactive')) startLane('bulk', 1);
    longRuns.look();
  }

  function hasSuspects(priority: JobPriority): boolean {
    return [...suspects].some((job) => job.priority === priority);
  }

  function limitOf(priority: JobPriority): number {
    return hasSuspects(priority) ? 1 : (supervisor.state().model?.batchSize ?? 1);
  }

  function startLane(priority: JobPriority, limit: number): void {
    while (countRunning(priority) < limit) {
      const job = waiting.take(priority);
      if (job === undefined) return;
      start(job);
    }
  }

  /** Live sessions run beside all others: they wait for sound most of the time. */
  function start(job: Job): void {
    const run = runJob(job).finally(() => {
      if (running.get(job) === run) running.delete(job);
      runNext();
    });
    running.set(job, run);
  }

  function countRunning(priority: JobPriority): number {
    return [...running.keys()].filter((job) => job.priority === priority && job.live === null).length;
  }

  async function runJob(job: Job): Promise<void> {
    job.state = 'running';
    if (job.startedAt === null) job.events.append({ type: 'job-started' });
    job.startedAt ??= new Date();
    const { id, audioPath, uploaded, modelFolder, options, priority, live, language } = job;
    const followed = live === null && priority === 'interactive' ? longRuns.follow(job) : null;
    const stopTelling = live?.input.onChange((progress) => supervisor.grow(id, progress));
    try {
      // What is uploaded is in the home.
      if (!uploaded) await requireReached(job);
      const found = wordsFor(options);
      const own = found instanceof Promise ? await found : found;
      requireWanted(job);
      const text = cleanJobText(job, own);
      const names = own.dictionary.length === 0 ? {} : { dictionary: own.dictionary };
      const task = { jobId: id, audioPath, followLinks: uploaded, modelFolder, options, priority, ...names };
      const result = await supervisor.run(
        live === null ? task : { ...task, live: liveTaskOf(live, language) },
        (event) => {
          // As they were decoded: the next engine gives them back, and they are cleaned then.
          if (event.type === 'audio-opened') followed?.opened();
          if (event.type === 'segments-decoded') followed?.stepped();
          if (event.type === 'segments-decoded') live?.segments.push(...event.segments);
          recordEngineEvent(job, text.event(event));
          onEvent(job, event);
        },
      );
      if (job.endedAt === null) await finish(job, { type: 'job-done', result: text.result(result) });
    } catch (thrown) {
      if (job.endedAt === null) await fail(job, thrown);
    } finally {
      stopTelling?.();
      followed?.end();
      makingWay.delete(job);
    }
  }

  async function requireReached(job: Job): Promise<void> {
    const { audioPath } = job;
    const isAnswered = await isReached(audioPath);
    requireWanted(job);
    if (isAnswered) return;
    throw new HearthError('FILE_NOT_FOUND', `Expected a recording at ${audioPath}, but its disk does not answer.`, {
      hint: 'Try again when it does.',
    });
  }

  /** It may have been cancelled while a disk was waited for. */
  function requireWanted(job: Job): void {
    if (unwanted.has(job) || interrupting) throw new HearthError('CANCELLED', `Job ${job.id} was cancelled.`);
  }

  async function fail(job: Job, thrown: unknown): Promise<void> {
    const error = toWireError(thrown);
    if (error.code === 'ENGINE_CRASHED' && mayRunAgain(job, blameOf(thrown))) {
      job.state = 'queued';
      if (job.live === null) waiting.putBack(job);
      else start(job);
      return;
    }
    if (error.code === 'CANCELLED' && makingWay.has(job) && !unwanted.has(job)) {
      if (!stopping) return beginAgainAsBulk(job);
      if (job.detached) return;
    }
    if (job.detached && isLeft(error.code)) return;
    if (job.detached && error.code === 'ENGINE_UNAVAILABLE' && !stopping) {
      if (!unwanted.has(job)) return rest(job);
      await finish(job, { type: 'job-cancelled' });
      return;
    }
    if (error.code === 'INTERNAL') log.error({ jobId: job.id, err: thrown }, 'job met a fault');
    await finish(job, error.code === 'CANCELLED' ? { type: 'job-cancelled' } : await endOfFailed(job, error));
  }

  /** A live session that cannot go on ends with the text that it has: what was committed is not taken back. */
  async function endOfFailed(job: Job, error: WireError): Promise<NewJobEnd> {
    const { live } = job;
    if (live === null) return { type: 'job-failed', error };
    live.failure = error;
    const committed = committedTranscript(job, live, error);
    if (committed === null) return { type: 'job-failed', error };
    return { type: 'job-done', result: cleanJobText(job, await wordsFor(job.options)).result(committed) };
  }

  /** Bulk work lets others pass wherever it is. */
  function beginAgainAsBulk(job: Job): void {
    job.priority = 'bulk';
    job.state = 'queued';
    waiting.add(job);
  }

  function rest(job: Job): void {
    job.state = 'queued';
    resting.set(job, setTimeout(() => goOn(job), engineRetryMs).unref());
  }

  function goOn(job: Job): void {
    clearTimeout(resting.get(job));
    if (!resting.delete(job) || stopping) return;
    waiting.putBack(job);
    runNext();
  }

  /** A crash is charged to a job that was at work alone; the second one, not to be blamed on chance, is its end. */
  function mayRunAgain(job: Job, blame: Blame): boolean {
    if (stopping) return false;
    if (blame === 'none') return true;
    if (job.live !== null) {
      if (blame === 'alone') job.crashes += 1;
      else job.live.sharedCrashes += 1;
      return job.crashes < mostCrashesOfLive.alone && job.live.sharedCrashes < mostCrashesOfLive.shared;
    }
    const wasSuspect = suspects.has(job);
    suspects.add(job);
    // A suspect runs by itself, but for live sessions.
    if (blame === 'alone' || wasSuspect) job.crashes += 1;
    return job.crashes < 2;
  }

  /** Whether a job came to no end of its own because the daemon ends; the next one runs it again. */
  function isLeft(code: ErrorCode): boolean {
    if (code === 'ENGINE_CRASHED' || code === 'SHUTTING_DOWN') return stopping;
    return code === 'CANCELLED' && interrupting;
  }

  async function finish(job: Job, newEnd: NewJobEnd): Promise<void> {
    suspects.delete(job);
    await job.live?.input.end();
    await end(job, newEnd);
  }

  function cancel(job: Job): void {
    if (running.has(job)) {
      unwanted.add(job);
      supervisor.cancel(job.id);
      return;
    }
    waiting.remove(job);
    clearTimeout(resting.get(job));
    resting.delete(job);
    const ending = finish(job, { type: 'job-cancelled' });
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
  }

  function interrupt(): void {
    interrupting = true;
    for (const job of running.keys()) supervisor.cancel(job.id);
  }

  const handover = watchHandover({
    isHeldUp: () => !stopping && ((waiting.size > 0 && running.size === 0) || supervisor.holdsBack()),
    onHeldUp() {
      log.error({ queued: waiting.size, running: running.size }, 'jobs held up');
      runNext();
    },
  });
  const longRuns = watchLongRuns({
    ...request.longRuns,
    isAwaited: () => waiting.sizeOf('interactive') > 0,
    makeWay(job) {
      if (stopping) return;
      log.info({ jobId: job.id }, 'long job makes way');
      makingWay.add(job);
      supervisor.cancel(job.id);
    },
  });
  // A model that has become ready may take more jobs at a time than were begun without it.
  supervisor.onStateChange(({ status }) => {
    if (status === 'ready') for (const job of resting.keys()) goOn(job);
    runNext();
  });

  return {
    waiting: {
      get size() {
        return waiting.size + resting.size;
      },
      countOf: (name) => waiting.countOf(name) + [...resting.keys()].filter(({ client }) => client === name).length,
      positionOf: waiting.positionOf,
      inOrder: waiting.inOrder,
    },
    add,
    addAll(jobs) {
      for (const job of jobs) waiting.add(job);
      for (const [position, job] of waiting.inOrder().entries()) job.events.append({ type: 'job-queued', position });
      runNext();
    },
    cancel,
    counts: () => ({ queued: waiting.size + resting.size, running: running.size }),
    neededModels: () =>
      [...waiting.inOrder(), ...running.keys(), ...resting.keys()].map(({ modelFolder }) => modelFolder),
    stall: () => (handover.isHeldUp() ? heldUp() : null),
    isStopping: () => stopping,
    async stop(drainMs) {
      stopping = true;
      handover.close();
      for (const job of waiting.inOrder()) if (!job.detached) cancel(job);
      // What has come of them is transcribed, now or by the next daemon.
      for (const job of running.keys()) void job.live?.input.end('The sound was cut off, since Hearth stopped.');
      const drained = afterRunningFor(drainMs, interrupt);
      await Promise.all([...endings, ...running.values()]);
      drained.stop();
    },
  };
}

function heldUp(): WireError {
  return toWireError(new HearthError('ENGINE_STALLED', 'Jobs are waiting, but none of them is handed to the engine.'));
}

function blameOf(thrown: unknown): Blame {
  return thrown instanceof EngineCrash ? thrown.blame : 'alone';
}

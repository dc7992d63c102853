import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { toWireError } from '../errors/wire-error.ts';
import { toWireTranscript } from '../formats/to-wire-transcript.ts';
import type { History } from '../history/history.ts';
import type { EngineEvent } from '../messages/engine-messages.ts';
import { type Blame, EngineCrash } from '../supervisor/engine-crash.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { endJob } from './end-job.ts';
import type { NewJobEvent } from './event-log.ts';
import {
  describeJob,
  type Job,
  type JobDetails,
  type JobPriority,
  type JobRequest,
  type JobSummary,
  summarizeJob,
} from './job.ts';
import { acceptedRecord, type EndedRecord } from './journal-record.ts';
import { type AcceptedJob, newJob } from './new-job.ts';
import type { Journal, JournaledJob } from './open-journal.ts';
import { createQueuePlaces, type QueueLimits } from './queue-places.ts';
import { recordEngineEvent } from './record-engine-event.ts';
import { createWaitingJobs } from './waiting-jobs.ts';

/** Room in the queue that is kept for a recording while it is sent. */
export interface Place {
  /**
   * Makes a job of it; a detached one is on disk when this resolves. The caller still owns the recording when it fails.
   * @throws `SHUTTING_DOWN`, `DISK_FULL`
   */
  submit(request: JobRequest): Promise<Job>;
  /** Gives the room back when no job came of it. */
  release(): void;
}

export interface Jobs {
  /** @throws `QUEUE_FULL`, `SHUTTING_DOWN` */
  takePlace(client: string): Place;
  /** Takes over what an earlier daemon promised: jobs that had not ended run again, ended ones can be looked at. */
  restore(journaled: readonly JournaledJob[]): Promise<void>;
  /** @throws `JOB_NOT_FOUND` */
  get(id: string): Job;
  look(id: string): JobDetails;
  list(): readonly JobSummary[];
  /** Ends a job that has not ended. @throws `JOB_NOT_FOUND` */
  cancel(id: string): void;
  counts(): { readonly queued: number; readonly running: number };
  /**
   * Takes no new job, cancels attached ones that wait and lets running ones go on for `drainMs`; a second call may
   * shorten it. Detached jobs that come to no end stay in the journal for the next daemon.
   */
  stop(drainMs: number): Promise<void>;
}

export interface JobLimits extends QueueLimits {
  readonly maxFinishedJobs: number;
}

/** What is told of jobs as they go, to count and to measure. */
export interface JobObserver {
  readonly onEvent?: (job: Job, event: EngineEvent) => void;
  readonly onEnd?: (job: Job) => void;
}

export interface JobsRequest {
  readonly supervisor: Pick<Supervisor, 'run' | 'cancel' | 'state'>;
  readonly log: Logger;
  readonly journal: Pick<Journal, 'append' | 'forget'>;
  readonly history: Pick<History, 'add' | 'find'>;
  /** Removes an upload whose job has ended. */
  readonly removeUpload: (path: string) => Promise<void>;
  /** Read at each use, since they may change. */
  readonly limits: () => JobLimits;
  readonly observer?: JobObserver;
}

/**
 * Jobs in two queues. Of each class as many are on the engine at a time as its model decodes windows together; bulk ones
 * stand still while an interactive one runs.
 */
export function createJobs(context: JobsRequest): Jobs {
  const { supervisor, log, journal, history, removeUpload, limits, observer } = context;
  const jobs = new Map<string, Job>();
  const waiting = createWaitingJobs();
  const running = new Map<Job, Promise<void>>();
  const places = createQueuePlaces(waiting);
  const endings = new Set<Promise<void>>();
  /** Jobs that were at work when their engine died. Each runs again before others of its class, and by itself. */
  const suspects = new Set<Job>();
  let stopping = false;
  /** Whether running jobs were told to make way for the daemon's end. */
  let interrupting = false;

  function takePlace(client: string): Place {
    requireRunning();
    const release = places.take(client, limits());
    return {
      release,
      async submit(request) {
        requireRunning();
        const job = makeJob({ ...request, id: randomUUID(), client, createdAt: new Date() });
        if (job.detached) await accept(job);
        release();
        enqueue(job);
        return job;
      },
    };
  }

  async function accept(job: Job): Promise<void> {
    try {
      await journal.append(acceptedRecord(job));
    } catch (error) {
      jobs.delete(job.id);
      throw error;
    }
  }

  function requireRunning(): void {
    if (!stopping) return;
    throw new HearthError('SHUTTING_DOWN', 'Expected a daemon that takes work, got one that is stopping.');
  }

  function makeJob(accepted: AcceptedJob): Job {
    const job = newJob(accepted);
    jobs.set(job.id, job);
    return job;
  }

  function enqueue(job: Job): void {
    waiting.add(job);
    const isIdle = running.size === 0;
    job.events.append({ type: 'job-queued', position: positionOf(job) + (isIdle ? 0 : 1) });
    runNext();
  }

  function positionOf(job: Job): number {
    return waiting.inOrder().indexOf(job);
  }

  function get(id: string): Job {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new HearthError('JOB_NOT_FOUND', `Expected the id of a known job, got ${id.slice(0, 100)}.`);
  }

  function runNext(): void {
    if (stopping) return;
    startLane('interactive');
    // A bulk job that were handed over now would only stand still.
    if (countRunning('interactive') === 0) startLane('bulk');
  }

  function startLane(priority: JobPriority): void {
    const hasSuspects = [...suspects].some((job) => job.priority === priority);
    const limit = hasSuspects ? 1 : (supervisor.state().model?.batchSize ?? 1);
    while (countRunning(priority) < limit) {
      const job = waiting.take(priority);
      if (job === undefined) return;
      const run = runJob(job).finally(() => {
        running.delete(job);
        runNext();
      });
      running.set(job, run);
    }
  }

  function countRunning(priority: JobPriority): number {
    return [...running.keys()].filter((job) => job.priority === priority).length;
  }

  async function runJob(job: Job): Promise<void> {
    job.state = 'running';
    if (job.startedAt === null) job.events.append({ type: 'job-started' });
    job.startedAt ??= new Date();
    const { id, audioPath, modelFolder, options, priority } = job;
    try {
      const result = await supervisor.run({ jobId: id, audioPath, modelFolder, options, priority }, (event) => {
        recordEngineEvent(job, event);
        observer?.onEvent?.(job, event);
      });
      if (hasEnded(job)) return;
      job.result = toWireTranscript(result);
      await end(job, 'done', { type: 'job-done', result: job.result });
    } catch (thrown) {
      await fail(job, thrown);
    }
  }

  async function fail(job: Job, thrown: unknown): Promise<void> {
    if (hasEnded(job)) return;
    const error = toWireError(thrown);
    if (error.code === 'ENGINE_CRASHED' && mayRunAgain(job, blameOf(thrown))) {
      job.state = 'queued';
      waiting.putBack(job);
      return;
    }
    if (job.detached && isLeft(error.code)) return;
    if (error.code === 'INTERNAL') log.error({ jobId: job.id, err: thrown }, 'job met a fault');
    if (error.code === 'CANCELLED') return await end(job, 'cancelled', { type: 'job-cancelled' });
    job.error = error;
    await end(job, 'failed', { type: 'job-failed', error });
  }

  /** A crash is charged to a job that was at work alone; the second one, not to be blamed on chance, is its end. */
  function mayRunAgain(job: Job, blame: Blame): boolean {
    if (stopping) return false;
    if (blame === 'none') return true;
    suspects.add(job);
    if (blame === 'alone') job.crashes += 1;
    return job.crashes < 2;
  }

  /** Whether a job came to no end of its own because the daemon ends; the next one runs it again. */
  function isLeft(code: ErrorCode): boolean {
    if (code === 'ENGINE_CRASHED' || code === 'SHUTTING_DOWN') return stopping;
    return code === 'CANCELLED' && interrupting;
  }

  async function end(job: Job, state: EndedRecord['state'], event: NewJobEvent): Promise<void> {
    suspects.delete(job);
    await endJob(job, { state, event, log, journal, history, removeUpload });
    observer?.onEnd?.(job);
    forgetOldest();
  }

  function forgetOldest(): void {
    const ended = [...jobs.values()].filter(hasEnded);
    for (const job of ended.slice(0, Math.max(0, ended.length - limits().maxFinishedJobs))) {
      jobs.delete(job.id);
      journal.forget(job.id);
    }
  }

  function cancel(id: string): void {
    const job = get(id);
    if (hasEnded(job)) return;
    if (running.has(job)) {
      supervisor.cancel(id);
      return;
    }
    waiting.remove(job);
    const ending = end(job, 'cancelled', { type: 'job-cancelled' });
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
  }

  function interrupt(): void {
    interrupting = true;
    for (const job of running.keys()) supervisor.cancel(job.id);
  }

  async function restoreJob({ accepted, ended }: JournaledJob): Promise<void> {
    const job = makeJob({ ...accepted, createdAt: new Date(accepted.createdAt) });
    const found = history.find(job.id);
    if (ended === null && found === null) {
      enqueue(job);
      return;
    }
    job.events.append({ type: 'job-queued', position: 0 });
    job.result = found?.result ?? null;
    if (ended === null) {
      // The daemon died between the two, with the result already kept.
      job.durationSeconds = job.result?.duration ?? null;
      await end(job, 'done', { type: 'job-done', result: job.result as NonNullable<typeof job.result> });
      return;
    }
    job.state = ended.state;
    job.endedAt = new Date(ended.endedAt);
    job.error = ended.error;
    job.durationSeconds = job.result?.duration ?? null;
    if (ended.state === 'done' && job.result !== null) job.events.append({ type: 'job-done', result: job.result });
    else if (ended.state === 'failed' && ended.error !== null)
      job.events.append({ type: 'job-failed', error: ended.error });
    else if (ended.state === 'cancelled') job.events.append({ type: 'job-cancelled' });
    else jobs.delete(job.id);
  }

  return {
    takePlace,
    async restore(journaled) {
      for (const each of journaled) await restoreJob(each);
      forgetOldest();
    },
    get,
    look: (id) => describeJob(get(id), positionOf(get(id))),
    list() {
      const order = waiting.inOrder();
      return [...jobs.values()].map((job) => summarizeJob(job, order.indexOf(job)));
    },
    cancel,
    counts: () => ({ queued: waiting.size, running: running.size }),
    async stop(drainMs) {
      stopping = true;
      for (const job of waiting.inOrder()) if (!job.detached) cancel(job.id);
      const timer = setTimeout(interrupt, drainMs);
      await Promise.all([...endings, ...running.values()]);
      clearTimeout(timer);
    },
  };
}

function blameOf(thrown: unknown): Blame {
  return thrown instanceof EngineCrash ? thrown.blame : 'alone';
}

function hasEnded(job: Job): boolean {
  return job.endedAt !== null;
}

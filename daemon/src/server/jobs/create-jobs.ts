import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ErrorCode } from '../../errors/error-codes.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { JobDetails, JobPriority, JobSummary } from '../../protocol/job.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { History } from '../history/history.ts';
import { type Blame, EngineCrash } from '../supervisor/engine-crash.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { NewJobEvent } from './event-log.ts';
import { watchHandover } from './handover-watch.ts';
import { describeJob, type Job, type JobRequest, summarizeJob } from './job.ts';
import { type AcceptedJob, newJob } from './new-job.ts';
import type { JobStore } from './open-job-store.ts';
import { createQueuePlaces, type PlaceRequest, type QueueLimits } from './queue-places.ts';
import { recordEngineEvent } from './record-engine-event.ts';
import { restoreJobs } from './restore-jobs.ts';
import { afterRunningFor } from './running-time.ts';
import { settleJobs } from './settle-jobs.ts';
import type { StoredEnd, StoredJob } from './stored-job.ts';
import { createWaitingJobs } from './waiting-jobs.ts';

/** Room in the queue that is kept for a recording while it is sent. */
export interface Place {
  /**
   * Makes a job of it; a detached one is on disk when this resolves. The caller still owns the recording when it fails.
   * @throws `SHUTTING_DOWN`, `DISK_FULL`, `HOME_BUSY`, `HOME_NOT_WRITABLE`
   */
  submit(request: JobRequest): Promise<Job>;
  /** Gives the room back when no job came of it. */
  release(): void;
}

export interface Jobs {
  /** @throws `QUEUE_FULL`, `SHUTTING_DOWN` */
  takePlace(request: PlaceRequest): Place;
  /** Takes over what an earlier daemon promised: jobs that had not ended run again, ended ones can be looked at. */
  restore(stored: readonly StoredJob[]): Promise<void>;
  /** @throws `JOB_NOT_FOUND` */
  get(id: string): Job;
  look(id: string): JobDetails;
  list(): readonly JobSummary[];
  /** Ends a job that has not ended. @throws `JOB_NOT_FOUND` */
  cancel(id: string): void;
  /** Ended jobs that hold a text, or a part of one. */
  transcribed(): readonly Job[];
  /** Deletes all that is kept of ended jobs, also from the disk. @throws `DISK_FULL`, `HOME_BUSY`, `HOME_NOT_WRITABLE` */
  erase(erased: readonly Job[]): void;
  counts(): { readonly queued: number; readonly running: number };
  /** Whether a job that has not ended needs a model of this folder or below it. */
  needsModel(folder: string): boolean;
  /** That jobs wait and none of them is handed to the engine; null as long as all goes on. */
  stall(): WireError | null;
  /** What the owner of the daemon should know about jobs on disk. */
  warnings(): readonly string[];
  /**
   * Takes no new job, cancels attached ones that wait and lets running ones go on for `drainMs`; a second call may
   * shorten it. Detached jobs that come to no end stay in their file for the next daemon.
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
  readonly supervisor: Pick<Supervisor, 'run' | 'cancel' | 'state' | 'holdsBack' | 'onStateChange'>;
  readonly log: Logger;
  readonly store: Omit<JobStore, 'jobs' | 'isIncomplete' | 'close'>;
  readonly history: Pick<History, 'add' | 'find'>;
  /** Removes an upload whose job has ended. */
  readonly removeUpload: (path: string) => Promise<void>;
  /** Read at each use, since they may change. */
  readonly limits: () => JobLimits;
  /** Jobs that may wait beside a full queue, since their clients wait for them on a connection. */
  readonly attendedPlaces: number;
  readonly observer?: JobObserver;
  /** How long what could not be written waits for the next try. */
  readonly retryMs?: number;
}

/**
 * Jobs in two queues. Of each class as many are on the engine at a time as its model decodes windows together; bulk ones
 * stand still while an interactive one runs.
 */
export function createJobs(context: JobsRequest): Jobs {
  const { supervisor, log, store, history, removeUpload, limits, attendedPlaces, observer, retryMs } = context;
  const jobs = new Map<string, Job>();
  const waiting = createWaitingJobs();
  const running = new Map<Job, Promise<void>>();
  const places = createQueuePlaces(waiting, attendedPlaces);
  /** Ended jobs that can still be looked at, in the order of their ends. */
  const finished = new Set<Job>();
  const settled = settleJobs({
    store,
    history,
    removeUpload,
    log,
    find: (id) => jobs.get(id),
    ...(retryMs !== undefined && { retryMs }),
  });
  const endings = new Set<Promise<void>>();
  /** Jobs that were at work when their engine died. Each runs again before others of its class, and by itself. */
  const suspects = new Set<Job>();
  let stopping = false;
  /** Whether running jobs were told to make way for the daemon's end. */
  let interrupting = false;

  function takePlace(wanted: PlaceRequest): Place {
    requireRunning();
    const place = places.take(wanted, limits());
    return {
      release: () => place.release(),
      async submit(request) {
        requireRunning();
        const job = makeJob({ ...request, id: randomUUID(), client: wanted.client, createdAt: new Date() });
        const accepted = accept(job);
        if (job.detached) await accepted;
        // Somebody may have cancelled it while the disk took its time.
        if (hasEnded(job)) return job;
        place.giveTo(job);
        enqueue(job);
        return job;
      },
    };
  }

  async function accept(job: Job): Promise<void> {
    try {
      await store.accept(job);
    } catch (error) {
      if (job.detached) jobs.delete(job.id);
      if (job.detached) throw error;
      // Nobody was promised that it outlives the daemon.
      log.warn({ jobId: job.id, err: error }, 'attached job not written down');
    }
  }

  function requireRunning(): void {
    if (!stopping) return;
    throw new HearthError('SHUTTING_DOWN', 'Hearth is stopping and takes no more work.');
  }

  function makeJob(accepted: AcceptedJob): Job {
    const job = newJob(accepted);
    jobs.set(job.id, job);
    return job;
  }

  function enqueue(job: Job): void {
    waiting.add(job);
    const isIdle = running.size === 0;
    job.events.append({ type: 'job-queued', position: (waiting.positionOf(job) ?? 0) + (isIdle ? 0 : 1) });
    runNext();
  }

  function get(id: string): Job {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new HearthError('JOB_NOT_FOUND', `No job has the id ${id.slice(0, 100)}.`);
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
      job.result = result;
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

  /** Brings a job to its one end. Its followers hear of it last: who hears of it finds nothing left of the job. */
  async function end(job: Job, state: StoredEnd['state'], event: NewJobEvent): Promise<void> {
    suspects.delete(job);
    job.state = state;
    job.endedAt = new Date();
    await settled.settle(job);
    job.events.append(event);
    log.info({ jobId: job.id, state, code: job.error?.code }, 'job ended');
    observer?.onEnd?.(job);
    finish(job);
  }

  /** Lets go of the oldest ended jobs, but for those whose end is not on disk yet. */
  function finish(job: Job): void {
    finished.add(job);
    for (const oldest of finished) {
      if (finished.size <= limits().maxFinishedJobs) return;
      if (settled.isOpen(oldest)) continue;
      finished.delete(oldest);
      jobs.delete(oldest.id);
      forget(oldest);
    }
  }

  function forget({ id }: Job): void {
    try {
      store.forget(id);
    } catch (error) {
      // The next daemon does so.
      log.warn({ jobId: id, err: error }, 'ended job not forgotten');
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

  function findText(id: string): Transcript | null {
    try {
      return history.find(id)?.result ?? null;
    } catch {
      // The history says so itself.
      return null;
    }
  }

  const handover = watchHandover({
    isHeldUp: () => !stopping && ((waiting.size > 0 && running.size === 0) || supervisor.holdsBack()),
    onHeldUp() {
      log.error({ queued: waiting.size, running: running.size }, 'jobs held up');
      runNext();
    },
  });
  // A model that has become ready may take more jobs at a time than were begun without it.
  supervisor.onStateChange(runNext);

  return {
    takePlace,
    async restore(stored) {
      const restored = restoreJobs(stored, findText);
      for (const job of restored.jobs) jobs.set(job.id, job);
      for (const job of restored.ended) finish(job);
      for (const { job, state, event } of restored.ending) await end(job, state, event);
      for (const job of restored.waiting) waiting.add(job);
      for (const [position, job] of waiting.inOrder().entries()) job.events.append({ type: 'job-queued', position });
      runNext();
    },
    get,
    look: (id) => describeJob(get(id), waiting.positionOf(get(id))),
    list() {
      const positions = new Map(waiting.inOrder().map((job, position) => [job, position]));
      return [...jobs.values()].map((job) => summarizeJob(job, positions.get(job) ?? null));
    },
    cancel,
    transcribed: () => [...jobs.values()].filter((job) => hasEnded(job) && hasText(job)),
    erase(erased) {
      store.erase(erased.map(({ id }) => id));
      settled.drop(erased);
      for (const job of erased) {
        finished.delete(job);
        jobs.delete(job.id);
      }
    },
    counts: () => ({ queued: waiting.size, running: running.size }),
    needsModel(folder) {
      const isBelow = (job: Job) => job.modelFolder === folder || job.modelFolder.startsWith(`${folder}/`);
      return waiting.inOrder().some(isBelow) || [...running.keys()].some(isBelow);
    },
    stall: () => (handover.isHeldUp() ? heldUp() : null),
    warnings: () => [...store.warnings(), ...settled.warnings()],
    async stop(drainMs) {
      stopping = true;
      handover.close();
      for (const job of waiting.inOrder()) if (!job.detached) cancel(job.id);
      const stopWaiting = afterRunningFor(drainMs, interrupt);
      await Promise.all([...endings, ...running.values()]);
      stopWaiting();
      await settled.retry();
      settled.close();
    },
  };
}

function heldUp(): WireError {
  return toWireError(new HearthError('ENGINE_STALLED', 'Jobs are waiting, but none of them is handed to the engine.'));
}

function blameOf(thrown: unknown): Blame {
  return thrown instanceof EngineCrash ? thrown.blame : 'alone';
}

function hasText({ result, segmentCount }: Job): boolean {
  return result !== null || segmentCount > 0;
}

function hasEnded(job: Job): boolean {
  return job.endedAt !== null;
}

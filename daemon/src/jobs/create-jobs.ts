import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { HearthError } from '../errors/hearth-error.ts';
import { toWireError } from '../errors/wire-error.ts';
import { toWireTranscript } from '../formats/to-wire-transcript.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import { createEventLog, type NewJobEvent } from './event-log.ts';
import { describeJob, type Job, type JobDetails, type JobSummary, summarizeJob } from './job.ts';
import { recordEngineEvent } from './record-engine-event.ts';

export interface NewJob {
  readonly audioPath: string;
  readonly release: () => Promise<void>;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
}

export interface Jobs {
  /** @throws `QUEUE_FULL`, `SHUTTING_DOWN`; the caller still owns the recording then */
  submit(job: NewJob): Job;
  /** Throws what `submit` would, so that an upload can be refused before it is sent. */
  requireRoom(): void;
  /** @throws `JOB_NOT_FOUND` */
  get(id: string): Job;
  look(id: string): JobDetails;
  list(): readonly JobSummary[];
  /** Ends a job that has not ended. @throws `JOB_NOT_FOUND` */
  cancel(id: string): void;
  counts(): { readonly queued: number; readonly running: number };
  /** Takes no new job, cancels those that wait and lets the running one go on for `drainMs`; a second call may shorten it. */
  stop(drainMs: number): Promise<void>;
}

export interface JobsRequest {
  readonly supervisor: Supervisor;
  readonly log: Logger;
  readonly maxQueuedJobs: number;
  readonly maxFinishedJobs: number;
}

/** Jobs in one queue, one at a time on the engine. */
export function createJobs({ supervisor, log, maxQueuedJobs, maxFinishedJobs }: JobsRequest): Jobs {
  const jobs = new Map<string, Job>();
  let queue: Job[] = [];
  let running: Job | null = null;
  let stopping = false;
  let queueRun = Promise.resolve();
  const endings = new Set<Promise<void>>();

  function requireRoom(): void {
    if (stopping) {
      throw new HearthError('SHUTTING_DOWN', 'Expected a daemon that takes work, got one that is stopping.');
    }
    if (queue.length < maxQueuedJobs) return;
    throw new HearthError('QUEUE_FULL', `Expected fewer than ${maxQueuedJobs} waiting jobs, got as many.`);
  }

  function get(id: string): Job {
    const job = jobs.get(id);
    if (job !== undefined) return job;
    throw new HearthError('JOB_NOT_FOUND', `Expected the id of a known job, got ${id}.`);
  }

  /** Whoever hears of a job's end finds nothing left of it. */
  async function end(job: Job, state: 'done' | 'failed' | 'cancelled', event: NewJobEvent): Promise<void> {
    job.state = state;
    job.endedAt = new Date();
    await job.release().catch((error: unknown) => log.error({ jobId: job.id, err: error }, 'upload not removed'));
    job.events.append(event);
    log.info({ jobId: job.id, state, code: job.error?.code }, 'job ended');
    forgetOldest();
  }

  function forgetOldest(): void {
    const ended = [...jobs.values()].filter((job) => job.endedAt !== null);
    for (const job of ended.slice(0, Math.max(0, ended.length - maxFinishedJobs))) jobs.delete(job.id);
  }

  async function runQueue(): Promise<void> {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      running = job;
      await runJob(job);
      running = null;
    }
  }

  async function runJob(job: Job): Promise<void> {
    job.state = 'running';
    job.startedAt ??= new Date();
    if (job.crashes === 0) job.events.append({ type: 'job-started' });
    const { id, audioPath, modelFolder, options } = job;
    try {
      const result = await supervisor.run({ jobId: id, audioPath, modelFolder, options }, (event) =>
        recordEngineEvent(job, event),
      );
      job.result = toWireTranscript(result);
      if (!hasEnded(job)) await end(job, 'done', { type: 'job-done', result: job.result });
    } catch (thrown) {
      await fail(job, thrown);
    }
  }

  async function fail(job: Job, thrown: unknown): Promise<void> {
    if (hasEnded(job)) return;
    const error = toWireError(thrown);
    if (error.code === 'ENGINE_CRASHED' && job.crashes === 0) {
      // The crash may have been another job's doing; a second one is this job's own.
      job.crashes = 1;
      job.state = 'queued';
      queue.unshift(job);
      return;
    }
    if (error.code === 'INTERNAL') log.error({ jobId: job.id, err: thrown }, 'job met a fault');
    if (error.code === 'CANCELLED') return await end(job, 'cancelled', { type: 'job-cancelled' });
    job.error = error;
    await end(job, 'failed', { type: 'job-failed', error });
  }

  function cancel(id: string): void {
    const job = get(id);
    if (hasEnded(job)) return;
    if (job === running) {
      supervisor.cancel(id);
      return;
    }
    queue = queue.filter((each) => each !== job);
    const ending = end(job, 'cancelled', { type: 'job-cancelled' });
    endings.add(ending);
    void ending.then(() => endings.delete(ending));
  }

  return {
    requireRoom,
    get,
    submit(request) {
      requireRoom();
      const id = randomUUID();
      const job: Job = {
        ...request,
        id,
        createdAt: new Date(),
        events: createEventLog(id),
        state: 'queued',
        startedAt: null,
        endedAt: null,
        durationSeconds: null,
        language: null,
        processedSeconds: 0,
        segmentCount: 0,
        crashes: 0,
        result: null,
        error: null,
      };
      jobs.set(id, job);
      job.events.append({ type: 'job-queued', position: queue.length + (running === null ? 0 : 1) });
      queue.push(job);
      if (running === null) queueRun = runQueue();
      return job;
    },
    look: (id) => describeJob(get(id), queue.indexOf(get(id))),
    list: () => [...jobs.values()].map((job) => summarizeJob(job, queue.indexOf(job))),
    cancel,
    counts: () => ({ queued: queue.length, running: running === null ? 0 : 1 }),
    async stop(drainMs) {
      stopping = true;
      for (const job of [...queue]) cancel(job.id);
      const timer = setTimeout(() => {
        if (running !== null) supervisor.cancel(running.id);
      }, drainMs);
      await Promise.all([...endings, queueRun]);
      clearTimeout(timer);
    },
  };
}

function hasEnded(job: Job): boolean {
  return job.endedAt !== null;
}

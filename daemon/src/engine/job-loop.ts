import { HearthError } from '../errors/hearth-error.ts';
import { toWireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent, TranscriptionResult } from '../messages/engine-messages.ts';

export type TranscribeCommand = Extract<EngineCommand, { type: 'transcribe' }>;

/** A job as a row of steps, each of which says what it brought; between two steps another job may run. */
export type JobSteps = AsyncGenerator<EngineEvent, TranscriptionResult>;

export interface JobLoop {
  add(command: TranscribeCommand): void;
  cancel(jobId: string): void;
  cancelAll(): void;
}

export interface JobLoopRequest {
  /** Starts a job; an aborted signal makes its current step reject as soon as it can. */
  readonly run: (command: TranscribeCommand, signal: AbortSignal) => JobSteps;
  readonly send: (event: EngineEvent) => void;
}

interface Job {
  readonly id: string;
  readonly priority: TranscribeCommand['priority'];
  readonly steps: JobSteps;
  readonly abort: AbortController;
}

/** Runs jobs step by step, interactive ones first and else the oldest, and sends what they bring. */
export function createJobLoop({ run, send }: JobLoopRequest): JobLoop {
  const jobs: Job[] = [];

  async function runAll(): Promise<void> {
    const begun = new WeakSet<Job>();
    let last: Job | undefined;
    for (let job = nextJob(jobs); job !== undefined; job = nextJob(jobs)) {
      if (job !== last && begun.has(job)) send({ type: 'job-resumed', jobId: job.id });
      begun.add(job);
      last = job;
      const { event, isLast } = await step(job);
      if (isLast) jobs.splice(jobs.indexOf(job), 1);
      send(event);
    }
  }

  return {
    add(command) {
      const abort = new AbortController();
      const { jobId: id, priority } = command;
      jobs.push({ id, priority, steps: run(command, abort.signal), abort });
      if (jobs.length === 1) void runAll();
    },
    cancel(jobId) {
      jobs.find((job) => job.id === jobId)?.abort.abort();
    },
    cancelAll() {
      for (const job of jobs) job.abort.abort();
    },
  };
}

/** A cancelled job goes first: all it has left to do is to close what it holds. */
function nextJob(jobs: readonly Job[]): Job | undefined {
  return jobs.find((job) => job.abort.signal.aborted) ?? jobs.find((job) => job.priority === 'interactive') ?? jobs[0];
}

async function step({ id, steps, abort: { signal } }: Job): Promise<{ event: EngineEvent; isLast: boolean }> {
  const cancelled = new HearthError('CANCELLED', `Expected job ${id} to run to its end, got its cancellation.`);
  try {
    const { done, value } = signal.aborted ? await steps.throw(cancelled) : await steps.next();
    return done === true
      ? { event: { type: 'job-done', jobId: id, result: value }, isLast: true }
      : { event: value, isLast: false };
  } catch (error) {
    // An aborted step rejects with whatever its innermost call makes of it.
    const reason = signal.aborted ? cancelled : error;
    return { event: { type: 'job-failed', jobId: id, error: toWireError(reason) }, isLast: true };
  }
}

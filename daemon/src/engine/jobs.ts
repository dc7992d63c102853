import { HearthError } from '../errors/hearth-error.ts';
import type { EngineCommand, EngineMessage } from '../protocol/engine-messages.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { toldError } from './told-error.ts';

export type TranscribeCommand = Extract<EngineCommand, { type: 'transcribe' }>;

/** A job as a sequence of steps, each of which says what it brought. */
export type JobSteps = AsyncGenerator<EngineMessage, Transcript>;

export interface Jobs {
  add(command: TranscribeCommand): void;
  cancel(jobId: string): void;
  cancelAll(): void;
}

export interface JobsRequest {
  /** Starts a job; an aborted signal makes its current step reject as soon as it can. */
  readonly run: (command: TranscribeCommand, signal: AbortSignal) => JobSteps;
  readonly send: (message: EngineMessage) => void;
}

interface Job {
  readonly id: string;
  readonly priority: TranscribeCommand['priority'];
  /** It stands still until more sound comes: what it asks passes others in the engine, but keeps none of them waiting. */
  readonly isLive: boolean;
  readonly steps: JobSteps;
  readonly abort: AbortController;
  hasBegun: boolean;
  /** While it lets another pass: what lets it go on. */
  goOn: PromiseWithResolvers<void> | null;
  /** Interactive jobs that have ended since it took a step. */
  passedBy: number;
}

/** The engine gives bulk work a turn after as many clips: `kPassesPerTurn` in native/src/scheduler/bulk_turns.h. */
const mostPassing = 4;

/**
 * Runs jobs beside each other and sends what they bring. While there is an interactive job, no bulk job begins, and one
 * that has begun stands still after its step; but not for good: once so many have passed it, it takes one step.
 */
export function createJobs({ run, send }: JobsRequest): Jobs {
  const jobs: Job[] = [];

  function update(): void {
    const isBusy = jobs.some(
      ({ priority, isLive, abort }) => priority === 'interactive' && !isLive && !abort.signal.aborted,
    );
    for (const job of [...jobs]) {
      const isCancelled = job.abort.signal.aborted;
      const isPassed = isBusy && job.priority === 'bulk' && !job.isLive && !isCancelled;
      const mustWait = isPassed && job.passedBy < mostPassing;
      if (job.hasBegun && mustWait && job.goOn === null) {
        job.goOn = Promise.withResolvers();
        send({ type: 'job-paused', jobId: job.id });
      } else if (job.goOn !== null && !mustWait) {
        job.goOn.resolve();
        job.goOn = null;
        if (!isCancelled) send({ type: 'job-resumed', jobId: job.id });
      } else if (!job.hasBegun && !mustWait) {
        job.hasBegun = true;
        void follow(job);
      }
    }
  }

  async function follow(job: Job): Promise<void> {
    for (let isLast = false; !isLast; ) {
      await job.goOn?.promise;
      const next = await step(job);
      ({ isLast } = next);
      if (isLast) jobs.splice(jobs.indexOf(job), 1);
      send(next.message);
      const hadTurn = job.passedBy >= mostPassing;
      job.passedBy = 0;
      if (hadTurn) update();
    }
    if (job.priority === 'interactive' && !job.isLive) for (const other of jobs) other.passedBy += 1;
    update();
  }

  return {
    add(command) {
      const abort = new AbortController();
      const { jobId: id, priority } = command;
      const isLive = command.live !== undefined;
      jobs.push({
        id,
        priority,
        isLive,
        steps: run(command, abort.signal),
        abort,
        hasBegun: false,
        goOn: null,
        passedBy: 0,
      });
      update();
    },
    cancel(jobId) {
      jobs.find((job) => job.id === jobId)?.abort.abort();
      update();
    },
    cancelAll() {
      for (const job of jobs) job.abort.abort();
      update();
    },
  };
}

async function step({ id, steps, abort: { signal } }: Job): Promise<{ message: EngineMessage; isLast: boolean }> {
  const cancelled = new HearthError('CANCELLED', `Job ${id} was cancelled.`);
  try {
    const { done, value } = signal.aborted ? await steps.throw(cancelled) : await steps.next();
    return done === true
      ? { message: { type: 'job-done', jobId: id, result: value }, isLast: true }
      : { message: value, isLast: false };
  } catch (error) {
    // An aborted step rejects with whatever its innermost call makes of it.
    const reason = signal.aborted ? cancelled : error;
    return { message: { type: 'job-failed', jobId: id, error: toldError(reason) }, isLast: true };
  }
}

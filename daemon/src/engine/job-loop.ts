import { HearthError } from '../errors/hearth-error.ts';
import type { EngineCommand, EngineEvent } from '../protocol/engine-messages.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { toldError } from './told-error.ts';

export type TranscribeCommand = Extract<EngineCommand, { type: 'transcribe' }>;

/** A job as a row of steps, each of which says what it brought; between two steps another job may run. */
export type JobSteps = AsyncGenerator<EngineEvent, Transcript>;

export interface JobLoop {
  add(command: TranscribeCommand): void;
  cancel(jobId: string): void;
  cancelAll(): void;
}

export interface JobLoopRequest {
  /** Starts a job; an aborted signal makes its current step reject as soon as it can. */
  readonly run: (command: TranscribeCommand, signal: AbortSignal) => JobSteps;
  /** How many jobs of one priority may begin beside each other. */
  readonly limit: () => number;
  readonly send: (event: EngineEvent) => void;
}

interface Job {
  readonly id: string;
  readonly priority: TranscribeCommand['priority'];
  readonly steps: JobSteps;
  readonly abort: AbortController;
  isStepping: boolean;
  hasBegun: boolean;
  /** It lets another pass. */
  isPaused: boolean;
}

/**
 * Runs jobs step by step, interactive ones first and else the oldest, and sends what they bring. A bulk job stands still
 * after its step while there is an interactive one.
 */
export function createJobLoop({ run, limit, send }: JobLoopRequest): JobLoop {
  const jobs: Job[] = [];

  function stepAll(): void {
    const chosen = jobsInTurn(jobs, limit());
    for (const job of jobs) {
      if (job.isPaused || !job.hasBegun || job.isStepping || chosen.includes(job)) continue;
      job.isPaused = true;
      send({ type: 'job-paused', jobId: job.id });
    }
    for (const job of chosen) if (!job.isStepping) void advance(job);
  }

  async function advance(job: Job): Promise<void> {
    if (job.isPaused && !job.abort.signal.aborted) send({ type: 'job-resumed', jobId: job.id });
    Object.assign(job, { isPaused: false, hasBegun: true, isStepping: true });
    const { event, isLast } = await step(job);
    job.isStepping = false;
    if (isLast) jobs.splice(jobs.indexOf(job), 1);
    send(event);
    stepAll();
  }

  return {
    add(command) {
      const abort = new AbortController();
      const { jobId: id, priority } = command;
      const steps = run(command, abort.signal);
      jobs.push({ id, priority, steps, abort, isStepping: false, hasBegun: false, isPaused: false });
      stepAll();
    },
    cancel(jobId) {
      jobs.find((job) => job.id === jobId)?.abort.abort();
      stepAll();
    },
    cancelAll() {
      for (const job of jobs) job.abort.abort();
      stepAll();
    },
  };
}

/**
 * All that a cancelled job has left to do is to close what it holds, which waits for nobody. The limit, which falls with
 * another model, says how many may begin: those that have wait for each other's windows, and none may be left out.
 */
function jobsInTurn(jobs: readonly Job[], limit: number): Job[] {
  const cancelled = jobs.filter(({ abort }) => abort.signal.aborted);
  const others = jobs.filter((job) => !cancelled.includes(job));
  const interactive = others.filter(({ priority }) => priority === 'interactive');
  const inTurn = interactive.length > 0 ? interactive : others;
  const begun = inTurn.filter(({ hasBegun }) => hasBegun);
  const next = inTurn.filter(({ hasBegun }) => !hasBegun).slice(0, Math.max(0, limit - begun.length));
  return [...cancelled, ...begun, ...next];
}

async function step({ id, steps, abort: { signal } }: Job): Promise<{ event: EngineEvent; isLast: boolean }> {
  const cancelled = new HearthError('CANCELLED', `Job ${id} was cancelled.`);
  try {
    const { done, value } = signal.aborted ? await steps.throw(cancelled) : await steps.next();
    return done === true
      ? { event: { type: 'job-done', jobId: id, result: value }, isLast: true }
      : { event: value, isLast: false };
  } catch (error) {
    // An aborted step rejects with whatever its innermost call makes of it.
    const reason = signal.aborted ? cancelled : error;
    return { event: { type: 'job-failed', jobId: id, error: toldError(reason) }, isLast: true };
  }
}

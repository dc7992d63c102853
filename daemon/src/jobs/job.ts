import type { WireError } from '../errors/wire-error.ts';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { EventLog } from './event-log.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** One transcription from its acceptance to its end. */
export interface Job {
  readonly id: string;
  readonly audioPath: string;
  /** Removes what was uploaded for the job; nothing for a recording that its owner keeps. */
  readonly release: () => Promise<void>;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
  readonly createdAt: Date;
  readonly events: EventLog;
  state: JobState;
  startedAt: Date | null;
  endedAt: Date | null;
  durationSeconds: number | null;
  /** As detected; null until then, and where it was given. */
  language: string | null;
  processedSeconds: number;
  segmentCount: number;
  /** Times that the engine died under it. */
  crashes: number;
  result: WireTranscript | null;
  error: WireError | null;
}

/** A job in a list of jobs. */
export interface JobSummary {
  readonly id: string;
  readonly state: JobState;
  /** Jobs before it in the queue; null once it runs. */
  readonly queuePosition: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationSeconds: number | null;
  readonly processedSeconds: number;
  readonly error: WireError | null;
}

/** A job that is looked at by itself. */
export interface JobDetails extends JobSummary {
  readonly result: WireTranscript | null;
}

export function summarizeJob(job: Job, queuePosition: number): JobSummary {
  return {
    id: job.id,
    state: job.state,
    queuePosition: queuePosition === -1 ? null : queuePosition,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
    durationSeconds: job.durationSeconds,
    processedSeconds: job.processedSeconds,
    error: job.error,
  };
}

export function describeJob(job: Job, queuePosition: number): JobDetails {
  return { ...summarizeJob(job, queuePosition), result: job.result };
}

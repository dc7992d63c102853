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
  processedSeconds: number;
  /** Times that the engine died under it. */
  crashes: number;
  result: WireTranscript | null;
  error: WireError | null;
}

/** What a client sees of a job. */
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
  readonly result: WireTranscript | null;
  readonly error: WireError | null;
}

export function summarize(job: Job, queuePosition: number): JobSummary {
  return {
    id: job.id,
    state: job.state,
    queuePosition: queuePosition === -1 ? null : queuePosition,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
    durationSeconds: job.durationSeconds,
    processedSeconds: job.processedSeconds,
    result: job.result,
    error: job.error,
  };
}

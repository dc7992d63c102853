import type { JobDetails, JobPriority, JobState, JobSummary } from '../../protocol/job.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { EventLog, JobEnd, NewJobEnd } from './event-log.ts';
import type { LiveInput } from './live-input.ts';
import type { LiveJob } from './live-job.ts';

/** What a client asks for. */
export interface JobRequest {
  /** Chosen by whoever has to find the job again after a crash; a new one if it is left out. */
  readonly id?: string;
  readonly audioPath: string;
  /** Whether the recording is the job's own and goes with its end, or a file that its owner keeps. */
  readonly uploaded: boolean;
  /** What the recording is called, where the client said so. */
  readonly name: string | null;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
  readonly priority: JobPriority;
  /** Goes on without its client, and after a restart of the daemon. */
  readonly detached: boolean;
  /** Whether the result goes to the history. */
  readonly kept: boolean;
  /** Its sound is still coming. A daemon that takes the job over has all that will come of it. */
  readonly input?: LiveInput;
}

/** One transcription from its acceptance to its end. */
export interface Job extends Omit<JobRequest, 'id' | 'priority'> {
  readonly id: string;
  /** Who asked for it, as far as is known; clients share the engine in turn. */
  readonly client: string;
  /** Of what an earlier daemon accepted, nobody knows. */
  readonly isFromNetwork: boolean;
  readonly createdAt: Date;
  readonly events: EventLog;
  /** Its last event, once all that its end leaves is where it belongs. */
  readonly ended: Promise<JobEnd>;
  /** Null for a recording that was there from the beginning. */
  readonly live: LiveJob | null;
  /** As asked for, until it has kept others waiting for long. */
  priority: JobPriority;
  state: JobState;
  startedAt: Date | null;
  endedAt: Date | null;
  durationSeconds: number | null;
  /** As detected; null until then, and where it was given. */
  language: string | null;
  processedSeconds: number;
  segmentCount: number;
  /** Times that the engine died while nothing but this job was at work. */
  crashes: number;
  result: Transcript | null;
  error: WireError | null;
  /** What its owner should know although it ended well. */
  warning: string | null;
}

const endStates = { 'job-done': 'done', 'job-failed': 'failed', 'job-cancelled': 'cancelled' } as const;

/** Writes into a job how it ended. */
export function takeEnd(job: Job, end: NewJobEnd, endedAt: Date): void {
  job.state = endStates[end.type];
  job.endedAt = endedAt;
  if (end.type === 'job-failed') job.error = end.error;
  if (end.type !== 'job-done') return;
  job.result = end.result;
  job.durationSeconds = end.result.duration;
}

export function summarizeJob(job: Job, queuePosition: number | null): JobSummary {
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    priority: job.priority,
    queuePosition,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
    durationSeconds: job.durationSeconds,
    processedSeconds: job.processedSeconds,
    receivedBytes: job.live?.input.receivedBytes() ?? null,
    error: job.error,
    warnings: job.warning === null ? [] : [job.warning],
  };
}

export function describeJob(job: Job, queuePosition: number | null): JobDetails {
  return { ...summarizeJob(job, queuePosition), result: job.result };
}

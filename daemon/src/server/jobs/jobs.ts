import type { JobDetails, JobSummary } from '../../protocol/job.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { Job, JobRequest } from './job.ts';
import type { LivePlaceRequest } from './live-places.ts';
import type { PlaceRequest, QueueLimits } from './queue-places.ts';
import type { StoredJob } from './stored-job.ts';

/** All transcriptions that clients asked for, from their acceptance until they are forgotten. */
export interface Jobs {
  /** @throws `QUEUE_FULL`, `SHUTTING_DOWN` */
  takePlace(request: PlaceRequest): Place;
  /** A place in the queue and one among live sessions; one of these that gets no sound may end for it. @throws `QUEUE_FULL`, `SHUTTING_DOWN` */
  takeLivePlace(request: LivePlaceRequest): Place;
  /** Takes over what an earlier daemon promised: jobs that had not ended run again, ended ones can be looked at. */
  restore(stored: readonly StoredJob[]): Promise<void>;
  /** @throws `JOB_NOT_FOUND` */
  get(id: string): Job;
  look(id: string): JobDetails;
  list(): readonly JobSummary[];
  /** Ends a job that has not ended. @throws `JOB_NOT_FOUND` */
  cancel(id: string): void;
  /** Ended jobs that hold a text, also those that are forgotten while the history has still to get it. */
  transcribed(): readonly TranscribedJob[];
  /** Deletes all that is kept of ended jobs, also from the disk. @throws `DISK_FULL`, `HOME_BUSY`, `HOME_NOT_WRITABLE` */
  erase(ids: readonly string[]): void;
  /** Keeps a job, with its text, from being forgotten when it has ended, until the returned function is called. */
  hold(id: string): () => void;
  counts(): JobCounts;
  /** Whether a job that has not ended, or has a place, needs a model of this folder or below it. */
  needsModel(folder: string): boolean;
  /** That jobs wait and none of them is handed to the engine; null as long as all goes on. */
  stall(): WireError | null;
  /** That somebody deleted or replaced the list of jobs; null as long as it is in its place. */
  problem(): WireError | null;
  /** What the owner of the daemon should know about jobs on disk. */
  warnings(): readonly string[];
  /**
   * Takes no new job, cancels attached ones that wait and lets running ones go on for `drainMs`; a second call may
   * shorten it. Detached jobs that come to no end stay in their file for the next daemon.
   */
  stop(drainMs: number): Promise<void>;
}

/** Room in the queue that is kept for a recording while it is sent. */
export interface Place {
  /** Says which model its job will need: whoever wants to delete it hears that it is in use. */
  needModel(folder: string): void;
  /**
   * Makes a job of it; a detached one is on disk when this resolves. The caller still owns the recording when it fails.
   * @throws `SHUTTING_DOWN`, `DISK_FULL`, `HOME_BUSY`, `HOME_NOT_WRITABLE`
   */
  submit(request: JobRequest): Promise<Job>;
  /** Gives the room back when no job came of it. */
  release(): void;
}

export interface TranscribedJob {
  readonly id: string;
  /** False for the text of a job that failed or was cancelled. */
  readonly isWhole: boolean;
}

export interface JobCounts {
  readonly queued: number;
  readonly running: number;
}

export interface JobLimits extends QueueLimits {
  readonly maxFinishedJobs: number;
}

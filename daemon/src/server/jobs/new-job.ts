import { createEventLog } from './event-log.ts';
import type { Job, JobRequest } from './job.ts';
import { newLiveJob } from './live-job.ts';

export type AcceptedJob = Omit<JobRequest, 'id'> &
  Pick<Job, 'id' | 'client' | 'createdAt'> &
  Partial<Pick<Job, 'isFromNetwork'>>;

/** A job that nothing has happened to yet. */
export function newJob(accepted: AcceptedJob): Job {
  const events = createEventLog(accepted.id);
  return {
    ...accepted,
    isFromNetwork: accepted.isFromNetwork ?? false,
    events,
    ended: events.ended,
    live: accepted.input === undefined ? null : newLiveJob(accepted.input),
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
    warning: null,
  };
}

import type { Transcript } from '../../protocol/transcript.ts';
import type { NewJobEvent } from './event-log.ts';
import type { Job } from './job.ts';
import { newJob } from './new-job.ts';
import type { StoredEnd, StoredJob } from './stored-job.ts';

/** What became of jobs of an earlier daemon. */
export interface RestoredJobs {
  /** All that can be looked at, in the order of acceptance. */
  readonly jobs: readonly Job[];
  /** Those that had ended, in the order of their ends. */
  readonly ended: readonly Job[];
  /** Those that run again. */
  readonly waiting: readonly Job[];
  /** Those whose end was all that was missing. */
  readonly ending: readonly { readonly job: Job; readonly state: StoredEnd['state']; readonly event: NewJobEvent }[];
}

/** Makes jobs of what an earlier daemon wrote down. `findText` looks into the history. */
export function restoreJobs(stored: readonly StoredJob[], findText: (id: string) => Transcript | null): RestoredJobs {
  const jobs: Job[] = [];
  const ended: { readonly job: Job; readonly order: number }[] = [];
  const waiting: Job[] = [];
  const ending: RestoredJobs['ending'][number][] = [];
  for (const { accepted, ended: end } of stored) {
    const job = newJob(accepted);
    if (end !== null) {
      const event = bringToEnd(job, end, findText);
      // Whose text was deleted from the history has nothing to show.
      if (event === null) continue;
      job.events.append({ type: 'job-queued', position: 0 });
      job.events.append(event);
      ended.push({ job, order: end.order });
    } else {
      const leftover = endOfLeftover(job, findText);
      if (leftover === null) waiting.push(job);
      else {
        job.events.append({ type: 'job-queued', position: 0 });
        ending.push({ job, ...leftover });
      }
    }
    jobs.push(job);
  }
  ended.sort((a, b) => a.order - b.order);
  return { jobs, ended: ended.map(({ job }) => job), waiting, ending };
}

function bringToEnd(job: Job, end: StoredEnd, findText: (id: string) => Transcript | null): NewJobEvent | null {
  job.state = end.state;
  job.endedAt = end.endedAt;
  job.error = end.error;
  if (end.awaitsHistory) job.warning = 'Its transcript is not in the history yet.';
  if (end.state === 'cancelled') return { type: 'job-cancelled' };
  if (end.state === 'failed') return end.error === null ? null : { type: 'job-failed', error: end.error };
  const result = end.result ?? findText(job.id);
  if (result === null) return null;
  takeResult(job, result);
  return { type: 'job-done', result };
}

/** How a job ends that a daemon left without an end; null for one that runs again. */
function endOfLeftover(job: Job, findText: (id: string) => Transcript | null) {
  const result = findText(job.id);
  if (result !== null) {
    // The daemon died between the two, with the text already kept.
    takeResult(job, result);
    return { state: 'done', event: { type: 'job-done', result } } as const;
  }
  // Without its client nobody waits for it.
  return job.detached ? null : ({ state: 'cancelled', event: { type: 'job-cancelled' } } as const);
}

function takeResult(job: Job, result: Transcript): void {
  job.result = result;
  job.durationSeconds = result.duration;
}

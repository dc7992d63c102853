import type { Transcript } from '../../protocol/transcript.ts';
import type { NewJobEnd } from './event-log.ts';
import { type Job, takeEnd } from './job.ts';
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
  readonly ending: readonly { readonly job: Job; readonly end: NewJobEnd }[];
}

/** Makes jobs of what an earlier daemon wrote down. `findText` looks into the history. */
export function restoreJobs(
  storedJobs: readonly StoredJob[],
  findText: (id: string) => Transcript | null,
): RestoredJobs {
  const jobs: Job[] = [];
  const ended: { readonly job: Job; readonly order: number }[] = [];
  const waiting: Job[] = [];
  const ending: RestoredJobs['ending'][number][] = [];
  for (const { accepted, ended: stored } of storedJobs) {
    const job = newJob(accepted);
    if (stored === null) {
      const end = endOfLeftover(job, findText);
      if (end === null) waiting.push(job);
      else {
        job.events.append({ type: 'job-queued', position: 0 });
        ending.push({ job, end });
      }
    } else {
      const end = endOf(job.id, stored, findText);
      // Whose text was deleted from the history has nothing to show.
      if (end === null) continue;
      takeEnd(job, end, stored.endedAt);
      if (stored.awaitsHistory) job.warning = 'Its transcript is not in the history yet.';
      job.events.append({ type: 'job-queued', position: 0 });
      job.events.append(end);
      ended.push({ job, order: stored.order });
    }
    jobs.push(job);
  }
  ended.sort((a, b) => a.order - b.order);
  return { jobs, ended: ended.map(({ job }) => job), waiting, ending };
}

function endOf(id: string, stored: StoredEnd, findText: (id: string) => Transcript | null): NewJobEnd | null {
  if (stored.state === 'cancelled') return { type: 'job-cancelled' };
  if (stored.state === 'failed') return stored.error === null ? null : { type: 'job-failed', error: stored.error };
  const result = stored.result ?? findText(id);
  return result === null ? null : { type: 'job-done', result };
}

/** How a job ends that a daemon left without an end; null for one that runs again. */
function endOfLeftover(job: Job, findText: (id: string) => Transcript | null): NewJobEnd | null {
  const result = findText(job.id);
  // The daemon died between the two, with the text already kept.
  if (result !== null) return { type: 'job-done', result };
  // Without its client nobody waits for it.
  return job.detached ? null : { type: 'job-cancelled' };
}

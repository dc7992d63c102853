import type { Transcript } from '../../protocol/transcript.ts';
import type { NewJobEnd } from './event-log.ts';
import { type Job, takeEnd } from './job.ts';
import { newJob } from './new-job.ts';
import type { StoredEnd, StoredJob } from './stored-job.ts';
import { textBytes } from './text-bytes.ts';

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

/**
 * Makes jobs of what an earlier daemon wrote down. `findText` looks into the history. Where texts take more than
 * `mostTextBytes`, the oldest that the history holds are left there, and nothing is known of their jobs.
 */
export function restoreJobs(
  storedJobs: readonly StoredJob[],
  findText: (id: string) => Transcript | null,
  mostTextBytes: number,
): RestoredJobs {
  const ends = endsOf(storedJobs, findText, mostTextBytes);
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
      const end = ends.get(job.id) ?? null;
      // Whose text was deleted from the history, or is left there, has nothing to show.
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

function endsOf(
  storedJobs: readonly StoredJob[],
  findText: (id: string) => Transcript | null,
  mostTextBytes: number,
): ReadonlyMap<string, NewJobEnd | null> {
  const ended = storedJobs.flatMap((job) => (job.ended === null ? [] : [{ id: job.accepted.id, ended: job.ended }]));
  let bytes = 0;
  const ends = new Map<string, NewJobEnd | null>();
  for (const { id, ended: stored } of ended.toSorted((a, b) => b.ended.order - a.ended.order)) {
    const isLeft = stored.state === 'done' && stored.result === null && bytes > mostTextBytes;
    const end = isLeft ? null : endOf(id, stored, findText);
    if (end?.type === 'job-done') bytes += textBytes(end.result);
    ends.set(id, end);
  }
  return ends;
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

import { HearthError } from '../errors/hearth-error.ts';
import type { WaitingJobs } from './waiting-jobs.ts';

export interface QueueLimits {
  readonly maxQueuedJobs: number;
  readonly maxQueuedJobsPerClient: number;
}

/** Room in the queue, also for recordings that are still being sent: none is refused after it has been. */
export interface QueuePlaces {
  /** Takes room for one job of a client and answers with how to give it back. @throws `QUEUE_FULL` */
  take(client: string, limits: QueueLimits): () => void;
}

export function createQueuePlaces(waiting: Pick<WaitingJobs, 'size' | 'countOf'>): QueuePlaces {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(client, { maxQueuedJobs, maxQueuedJobsPerClient }) {
      if (waiting.size + total >= maxQueuedJobs) {
        throw new HearthError('QUEUE_FULL', `The queue is full: ${maxQueuedJobs} jobs are waiting.`);
      }
      const own = taken.get(client) ?? 0;
      if (waiting.countOf(client) + own >= maxQueuedJobsPerClient) {
        const message = `This client has ${maxQueuedJobsPerClient} waiting jobs, which is as many as one may have.`;
        throw new HearthError('QUEUE_FULL', message);
      }
      taken.set(client, own + 1);
      total += 1;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        total -= 1;
        const left = (taken.get(client) ?? 1) - 1;
        if (left === 0) taken.delete(client);
        else taken.set(client, left);
      };
    },
  };
}

import { HearthError } from '../../errors/hearth-error.ts';
import type { Job } from './job.ts';
import type { WaitingJobs } from './waiting-jobs.ts';

export interface QueueLimits {
  readonly maxQueuedJobs: number;
  readonly maxQueuedJobsPerClient: number;
}

/** Whose job it is that a place is wanted for. */
export interface PlaceRequest {
  /** What the client calls itself. Names cost nothing, so that no limit may rest on them alone. */
  readonly client: string;
  readonly isFromNetwork: boolean;
  /** Whether an interactive job's client waits for it on its connection. Connections are limited; names are not. */
  readonly isAttended: boolean;
}

/** Room for one job, from before its recording is sent until the job leaves the queue. */
export interface QueuePlace {
  /** Says which job has the place. */
  giveTo(job: Job): void;
  /** Gives the room back when no job came of it. */
  release(): void;
}

/** Room in the queue, also for recordings that are still being sent: none is refused after it has been. */
export interface QueuePlaces {
  /** @throws `QUEUE_FULL` */
  take(request: PlaceRequest, limits: QueueLimits): QueuePlace;
}

interface Held extends PlaceRequest {
  /** Whether it is one of those that are kept for attended jobs. */
  readonly isKept: boolean;
  job: Job | null;
}

/** One client has at most this part of the places that are kept, so that a batch of its own leaves room for others. */
const partOfOneClient = 1 / 8;
/** The network has at most this part of all places, so that the socket's clients always find one. */
const partOfNetwork = 1 / 2;

/**
 * Whoever has the socket may call itself what it likes, and so fill the queue with one job for each name. A client that
 * waits on its connection therefore finds one of `attendedPlaces` beside the queue when that is full.
 */
export function createQueuePlaces(waiting: Pick<WaitingJobs, 'size' | 'countOf'>, attendedPlaces: number): QueuePlaces {
  const places = new Set<Held>();

  function count(matches: (held: Held) => boolean): number {
    return [...places].filter(matches).length;
  }

  /** Jobs in the queue and on their way to it, without those in places that are kept. */
  function countInQueue(client: string | null): number {
    const isOf = (held: Held) => client === null || held.client === client;
    const kept = count((held) => isOf(held) && held.isKept && held.job !== null);
    const onTheirWay = count((held) => isOf(held) && !held.isKept && held.job === null);
    return (client === null ? waiting.size : waiting.countOf(client)) - kept + onTheirWay;
  }

  function refusal({ client, isFromNetwork }: PlaceRequest, limits: QueueLimits): string | null {
    const { maxQueuedJobs, maxQueuedJobsPerClient } = limits;
    if (countInQueue(null) >= maxQueuedJobs) return `The queue is full: ${maxQueuedJobs} jobs are waiting.`;
    if (countInQueue(client) >= maxQueuedJobsPerClient) {
      return `This client has ${maxQueuedJobsPerClient} waiting jobs, which is as many as one may have.`;
    }
    const most = Math.ceil(maxQueuedJobs * partOfNetwork);
    if (!isFromNetwork || count((held) => held.isFromNetwork && !held.isKept) < most) return null;
    return `${most} jobs from the network are waiting, which is as many as there may be.`;
  }

  function hasKeptPlace({ client, isFromNetwork, isAttended }: PlaceRequest): boolean {
    if (!isAttended || count(({ isKept }) => isKept) >= attendedPlaces) return false;
    const ofClient = count((held) => held.isKept && held.client === client);
    if (ofClient >= Math.ceil(attendedPlaces * partOfOneClient)) return false;
    const ofNetwork = count((held) => held.isKept && held.isFromNetwork);
    return !isFromNetwork || ofNetwork < Math.ceil(attendedPlaces * partOfNetwork);
  }

  return {
    take(request, limits) {
      for (const held of places) if (held.job !== null && held.job.state !== 'queued') places.delete(held);
      const reason = refusal(request, limits);
      if (reason !== null && !hasKeptPlace(request)) throw new HearthError('QUEUE_FULL', reason);
      const held: Held = { ...request, isKept: reason !== null, job: null };
      places.add(held);
      return placeAmong(places, held);
    },
  };
}

/** The place that is held in a set: whoever gives it to a job keeps it there. */
export function placeAmong<Held extends { job: Job | null }>(places: Set<Held>, held: Held): QueuePlace {
  return {
    giveTo(job) {
      held.job = job;
    },
    release() {
      if (held.job === null) places.delete(held);
    },
  };
}

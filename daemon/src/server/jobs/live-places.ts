import { HearthError } from '../../errors/hearth-error.ts';
import type { Job } from './job.ts';
import { type PlaceRequest, placeAmong, type QueuePlace } from './queue-places.ts';

export type LivePlaceRequest = Pick<PlaceRequest, 'client' | 'isFromNetwork'>;

/** Room for live sessions; each holds a file and, while somebody speaks, half a minute of sound. */
export interface LivePlaces {
  /** @throws `QUEUE_FULL` */
  take(request: LivePlaceRequest): QueuePlace;
}

interface Held extends LivePlaceRequest {
  job: Job | null;
}

/** Sessions that take sound. */
const mostLive = 32;
/** Sessions that have not ended, with those whose sound has. */
const mostUnfinished = 2 * mostLive;
/** One client has at most this part of each number, and so has the network. */
const partOfOne = 1 / 2;

/**
 * A client that opens sessions and sends almost nothing keeps nobody else from dictating, whatever it calls itself: who
 * finds no place gets that of the session to which no sound has come for the longest time.
 */
export function createLivePlaces(): LivePlaces {
  const places = new Set<Held>();

  function requireRoom(whose: string, part: number, isOf: (held: Held) => boolean): void {
    const unfinished = [...places].filter(isOf);
    if (unfinished.length >= mostUnfinished * part) throw refusal(whose, mostUnfinished * part);
    const taking = unfinished.filter(takesSound);
    if (taking.length >= mostLive * part && !giveUpSlowest(taking)) throw refusal(whose, mostLive * part);
  }

  return {
    take({ client, isFromNetwork }) {
      for (const held of places) if (held.job !== null && held.job.endedAt !== null) places.delete(held);
      requireRoom('This client has', partOfOne, (held) => held.client === client);
      if (isFromNetwork) requireRoom('The network has', partOfOne, (held) => held.isFromNetwork);
      requireRoom('There are', 1, () => true);
      const held: Held = { client, isFromNetwork, job: null };
      places.add(held);
      return placeAmong(places, held);
    },
  };
}

function refusal(whose: string, count: number): HearthError {
  return new HearthError('QUEUE_FULL', `${whose} ${count} live sessions, which is as many as may be at a time.`, {
    hint: 'End some of them, or try again later.',
  });
}

function takesSound({ job }: Held): boolean {
  return job === null || job.live?.input.progress().isEnded === false;
}

/** Ends the session that has been without sound for the longest time; false if all get some. */
function giveUpSlowest(taking: readonly Held[]): boolean {
  const slow = taking.flatMap(({ job }) => {
    const sinceMs = job?.live?.input.slowSinceMs() ?? null;
    return job === null || sinceMs === null ? [] : [{ job, sinceMs }];
  });
  const [slowest] = slow.sort((one, other) => one.sinceMs - other.sinceMs);
  if (slowest === undefined) return false;
  void slowest.job.live?.input.end(
    'The session was ended, since hardly any sound came and another one needed its place.',
  );
  return true;
}

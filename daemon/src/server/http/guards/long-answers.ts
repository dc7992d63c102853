import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { clientOf } from '../client-of.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { leastPace } from './refuse-trickle.ts';
import { isFromNetwork } from './require-token.ts';

/** Answers that may keep a connection until a job ends: its transcript, or events; or until a model is here. */
export type LongAnswer = 'transcript' | 'events' | 'pull';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for a route whose answer may take as long as a job. */
    readonly longAnswer?: LongAnswer;
  }
}

/** An upload that ends with the id of a job takes as long as its recording takes to arrive. */
type Kind = LongAnswer | 'detached';

/** Share of a listener's connections. The last eighth is for questions, which are answered at once. */
const parts: Readonly<Record<Kind, number>> = {
  transcript: 1 / 2,
  events: 7 / 32,
  pull: 1 / 32,
  detached: 1 / 8,
};
/** One client has at most this part of the places for followers. */
const partOfOneFollower = 1 / 2;

const reasons: Readonly<Record<Kind, string>> = {
  transcript: 'wait for transcripts',
  events: 'follow events',
  pull: 'pull models',
  detached: 'send recordings of detached jobs',
};

/** A connection that has a place, with what had come on it when it got the place. */
interface Placed {
  readonly client: string;
  readonly request: IncomingMessage;
  readonly sinceMs: number;
  readonly sinceBytes: number;
}

/** Any client has sent something of its recording by then. */
const graceMs = 2_000;

/**
 * Limits how many connections of each listener wait at a time. Otherwise a client with many names could take all of
 * them, and nobody could ask for the daemon's health or cancel a job. Who needs a place when none is left gets that of
 * the recording that arrives the slowest, if it arrives slower than any sound.
 * @throws `QUEUE_FULL`
 */
export function boundLongAnswers(limits: ConnectionLimits) {
  const noPlaces = () => ({
    transcript: new Set<Placed>(),
    events: new Set<Placed>(),
    pull: new Set<Placed>(),
    detached: new Set<Placed>(),
  });
  const places = { socket: noPlaces(), network: noPlaces() };
  return async (request: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const kind = kindOf(request);
    if (kind === undefined || raw.destroyed) return;
    const listener = isFromNetwork(request) ? 'network' : 'socket';
    const taken = places[listener][kind];
    const most = mostLongAnswers(kind, limits[listener]);
    if (taken.size >= most && !giveUpSlowest(taken)) {
      throw new HearthError('QUEUE_FULL', `${most} connections ${reasons[kind]}, which is as many as may at a time.`, {
        hint: 'Close some of them, or try again when jobs have ended.',
      });
    }
    const client = clientOf(request);
    const mostOfOne = Math.ceil(most * partOfOneFollower);
    if (kind === 'events' && [...taken].filter((each) => each.client === client).length >= mostOfOne) {
      throw new HearthError(
        'QUEUE_FULL',
        `This client follows events on ${mostOfOne} connections, as many as one may.`,
      );
    }
    const sinceBytes = request.raw.socket.bytesRead;
    const placed: Placed = { client, request: request.raw, sinceMs: performance.now(), sinceBytes };
    taken.add(placed);
    raw.once('close', () => taken.delete(placed));
  };
}

function kindOf({ routeOptions, query }: FastifyRequest): Kind | undefined {
  const { longAnswer } = routeOptions.config;
  const isDetached = longAnswer === 'transcript' && (query as Record<string, unknown>)['detach'] === 'true';
  return isDetached ? 'detached' : longAnswer;
}

/** Ends the upload that arrives the slowest; false if none is too slow. */
function giveUpSlowest(taken: Set<Placed>): boolean {
  const nowMs = performance.now();
  const paceOf = ({ request, sinceMs, sinceBytes }: Placed) =>
    (request.socket.bytesRead - sinceBytes) / (nowMs - sinceMs);
  const slow = [...taken].filter(
    (placed) =>
      !placed.request.complete &&
      placed.request.readableLength === 0 &&
      nowMs - placed.sinceMs > graceMs &&
      paceOf(placed) < leastPace.bytes / leastPace.periodMs,
  );
  const [slowest] = slow.sort((one, other) => paceOf(one) - paceOf(other));
  if (slowest === undefined) return false;
  taken.delete(slowest);
  slowest.request.socket.destroy();
  return true;
}

export function mostLongAnswers(kind: Kind, connections: number): number {
  return Math.max(1, Math.floor(connections * parts[kind]));
}

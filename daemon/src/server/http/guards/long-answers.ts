import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { isFromNetwork } from './require-token.ts';

/** Answers that may keep a connection until a job ends: its transcript, or events. */
export type LongAnswer = 'transcript' | 'events';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for a route whose answer may take as long as a job. */
    readonly longAnswer?: LongAnswer;
  }
}

/** Share of a listener's connections. The last quarter is for questions, which are answered at once. */
const parts: Readonly<Record<LongAnswer, number>> = { transcript: 1 / 2, events: 1 / 4 };

/**
 * Limits how many connections of each listener wait at a time. Otherwise a client with many names could take all of
 * them, and nobody could ask for the daemon's health or cancel a job.
 * @throws `QUEUE_FULL`
 */
export function boundLongAnswers(limits: ConnectionLimits) {
  const counts = { socket: { transcript: 0, events: 0 }, network: { transcript: 0, events: 0 } };
  return async (request: FastifyRequest, { raw }: FastifyReply): Promise<void> => {
    const kind = request.routeOptions.config.longAnswer;
    if (kind === undefined || raw.destroyed) return;
    const listener = isFromNetwork(request) ? 'network' : 'socket';
    const count = counts[listener];
    const most = mostLongAnswers(kind, limits[listener]);
    if (count[kind] >= most) {
      const waitFor = kind === 'events' ? 'follow events' : 'wait for transcripts';
      throw new HearthError('QUEUE_FULL', `${most} connections ${waitFor}, which is as many as may at a time.`, {
        hint: 'Close some of them, or try again when jobs have ended.',
      });
    }
    count[kind]++;
    raw.once('close', () => {
      count[kind]--;
    });
  };
}

export function mostLongAnswers(kind: LongAnswer, connections: number): number {
  return Math.max(1, Math.floor(connections * parts[kind]));
}

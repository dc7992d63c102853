import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { isFromNetwork } from './require-token.ts';

/** What a connection may be held for until a job ends: its transcript, or events. */
export type LongAnswer = 'transcript' | 'events';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route whose answer may take as long as a job. */
    readonly longAnswer?: LongAnswer;
  }
}

/** Of a listener's connections. The last quarter is for questions, which are answered at once. */
const parts: Readonly<Record<LongAnswer, number>> = { transcript: 1 / 2, events: 1 / 4 };

/**
 * Bounds how many connections wait at a time, on each listener: whoever calls itself by many names would else hold all of
 * them, and nobody could ask how the daemon is, or cancel a job.
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

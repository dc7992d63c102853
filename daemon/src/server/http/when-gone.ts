import type { FastifyReply } from 'fastify';

/** Calls back when the client closes its connection, also when it did so while its recording was looked at. */
export function whenGone({ raw }: FastifyReply, callBack: () => void): void {
  if (raw.destroyed) callBack();
  else raw.once('close', callBack);
}

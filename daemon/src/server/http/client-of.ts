import type { FastifyRequest } from 'fastify';

const maxLength = 64;

/**
 * Identifies the client, so that one client cannot keep the others waiting: by the header `Hearth-Client`, or else by
 * its address. A Unix socket has no address, so clients without the header count as one.
 */
export function clientOf({ headers, raw }: FastifyRequest): string {
  const name = headers['hearth-client'];
  if (typeof name === 'string' && name !== '') return name.slice(0, maxLength);
  return raw.socket.remoteAddress ?? '';
}

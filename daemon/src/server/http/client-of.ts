import type { FastifyRequest } from 'fastify';

const maxLength = 64;

/**
 * Who asks, so that one client cannot keep the others waiting: what it calls itself in the header `Hearth-Client`, else
 * its address. A Unix socket has none, so its nameless clients count as one.
 */
export function clientOf({ headers, raw }: FastifyRequest): string {
  const name = headers['hearth-client'];
  if (typeof name === 'string' && name !== '') return name.slice(0, maxLength);
  return raw.socket.remoteAddress ?? '';
}

import type { FastifyRequest } from 'fastify';
import { HearthError } from '../errors/hearth-error.ts';
import { isFromNetwork } from './require-token.ts';

const ownHosts = new Set(['', 'localhost', '127.0.0.1', '[::1]', 'hearth']);

/** A browser must not reach a recording: its requests name an origin, and a rebound name is not ours. @throws `REQUEST_REFUSED` */
export async function refuseWebPages(request: FastifyRequest): Promise<void> {
  const { headers } = request;
  const fromBrowser = Object.keys(headers).find((name) => name === 'origin' || name.startsWith('sec-fetch-'));
  if (fromBrowser !== undefined) {
    throw new HearthError(
      'REQUEST_REFUSED',
      `Expected a request of a program, got one with the header ${fromBrowser}.`,
    );
  }
  // What comes over the network has a token, and knows this machine by names of its own.
  if (isFromNetwork(request)) return;
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (ownHosts.has(host)) return;
  throw new HearthError('REQUEST_REFUSED', `Expected the host localhost, got ${host.slice(0, 100)}.`);
}

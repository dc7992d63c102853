import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { isFromNetwork } from './require-token.ts';

const ownHosts = new Set(['', 'localhost', '127.0.0.1', '[::1]', 'hearth']);

/** What a browser sends for an address that its user typed, and for a page of the same origin. */
const harmlessSites = new Set(['none', 'same-origin']);

/**
 * Refuses requests that a web page makes: they name their origin or a foreign site, or a rebound host name. Node's and
 * Deno's own `fetch` send `Sec-Fetch-Mode` and nothing else of a browser's: they are programs.
 * @throws `REQUEST_REFUSED`
 */
export async function refuseWebPages(request: FastifyRequest): Promise<void> {
  const { headers } = request;
  if (headers.origin !== undefined) throw fromPage('an Origin header');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !harmlessSites.has(String(site))) throw fromPage('a foreign Sec-Fetch-Site header');
  // What comes over the network has a token, and knows this machine by names of its own.
  if (isFromNetwork(request)) return;
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (ownHosts.has(host)) return;
  throw new HearthError('REQUEST_REFUSED', `Expected the host localhost, got ${host.slice(0, 100)}.`);
}

function fromPage(sign: string): HearthError {
  return new HearthError('REQUEST_REFUSED', `The request has ${sign}, as requests of web pages have.`, {
    hint: 'Ask from a program: web pages are refused.',
  });
}

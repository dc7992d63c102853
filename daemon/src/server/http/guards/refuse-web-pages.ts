import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';
import { isAllowedOrigin } from './allow-origins.ts';
import { isFromNetwork } from './require-token.ts';

const ownHosts = new Set(['', 'localhost', '127.0.0.1', '[::1]', 'hearth']);

/** What a browser sends for an address typed by its user, and for a page of the same origin. */
const harmlessSites = new Set(['none', 'same-origin']);

/**
 * Refuses requests from web pages, which have an origin, a foreign site or a rebound host name. The `fetch` of Node and
 * Deno only sends `Sec-Fetch-Mode` and no other header of browsers: those are programs. Pages of an allowed origin pass.
 * @throws `REQUEST_REFUSED`
 */
export function refuseWebPages(allowedOrigins: () => readonly string[]) {
  return async (request: FastifyRequest): Promise<void> => {
    const { headers } = request;
    if (!isAllowedOrigin(headers.origin, allowedOrigins())) refusePage(headers);
    // Requests from the network have a token, and know this machine by other names.
    if (isFromNetwork(request)) return;
    const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (ownHosts.has(host)) return;
    throw new HearthError('REQUEST_REFUSED', `Expected the host localhost, got ${shorten(host)}.`);
  };
}

function refusePage(headers: FastifyRequest['headers']): void {
  if (headers.origin !== undefined) throw fromPage(`the Origin ${shorten(headers.origin)}`);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !harmlessSites.has(String(site))) throw fromPage('a foreign Sec-Fetch-Site header');
}

function fromPage(sign: string): HearthError {
  return new HearthError('REQUEST_REFUSED', `The request has ${sign}, as requests of web pages have.`, {
    hint: 'Ask from a program, or add the origin of the page to `allowedOrigins` in the settings.',
  });
}

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HearthError } from '../../errors/hearth-error.ts';
import { connectionLimits } from './guards/connection-limits.ts';
import { createGuardedListener } from './guards/guarded-listener.ts';
import { markAsNetwork } from './guards/require-token.ts';
import type { ServerInstance } from './server-instance.ts';

const shortestToken = 32;

/** @throws `SETTINGS_INVALID` for a token that can be guessed */
export function requireLongToken(token: string): void {
  if (token.length >= shortestToken) return;
  throw new HearthError(
    'SETTINGS_INVALID',
    `Expected a token of at least ${shortestToken} characters beside \`listen\`, got ${token.length}.`,
    { hint: 'Make one with `openssl rand -hex 32`, or remove `listen`.' },
  );
}

/**
 * Answers the same requests on a TCP address as on the socket, for clients with the token.
 * @throws `SETTINGS_INVALID` without a token, or if the address cannot be used
 */
export async function listenOnNetwork(
  server: ServerInstance,
  { address, token }: { readonly address: string; readonly token: string },
): Promise<Server> {
  requireLongToken(token);
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  const listener = createGuardedListener(server.routing, connectionLimits().network);
  listener.on('connection', markAsNetwork);
  listener.on('upgrade', (request, socket, head) => server.server.emit('upgrade', request, socket, head));
  listener.listen({ host, port: Number(port) });
  try {
    await once(listener, 'listening');
  } catch (cause) {
    const reason = reasons[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'it cannot be had';
    throw new HearthError('SETTINGS_INVALID', `Hearth does not listen on ${address}: ${reason}.`, {
      hint: 'Name another address in `listen`, or free this one.',
      cause,
    });
  }
  return listener;
}

/** `127.0.0.1:8080` or `[::1]:8080`, with the actual port if 0 was requested. */
export function addressOf(listener: Server): string {
  const { address, family, port } = listener.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'nobody knows that name',
  EACCES: 'ports below 1024 need rights that Hearth does not have',
};

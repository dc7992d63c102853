import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';

/** Recorded when the connection is accepted: the address of a closed connection is gone, but its data may still be read. */
const networkConnections = new WeakSet<Socket>();

/** Call it for every connection accepted outside the Unix socket. */
export function markAsNetwork(connection: Socket): void {
  networkConnections.add(connection);
}

/** Whether a request came over the network and not over the socket, which is guarded by its file permissions. */
export function isFromNetwork({ raw }: FastifyRequest): boolean {
  return isNetworkConnection(raw.socket);
}

export function isNetworkConnection(connection: Socket): boolean {
  return networkConnections.has(connection);
}

/** Only lets requests from the network pass if they carry the token. @throws `TOKEN_INVALID` */
export function requireToken(token: () => string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isFromNetwork(request)) return;
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (token() !== '' && areEqual(given, token())) return;
    reply.header('www-authenticate', 'Bearer');
    throw new HearthError('TOKEN_INVALID', given === '' ? 'No token was sent.' : 'The token is not the right one.', {
      hint: 'Send the `token` of the settings as `Authorization: Bearer …`.',
    });
  };
}

/** Takes the same time for all tokens: digests have one length. */
function areEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

import type { FastifyError, FastifyReply } from 'fastify';
import { errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { toWireError } from '../errors/wire-error.ts';
import { drainRequest } from './drain-request.ts';
import type { ServerInstance } from './server-instance.ts';

/** When to come back to a full queue. */
export const retryAfterSeconds = 5;

/** Every failing answer is `{ "error": { code, message, hint } }` with the status of its code. */
export function addErrorHandlers(server: ServerInstance): void {
  server.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = toWireError(fromFastify(thrown));
    if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'request failed');
    return sendError(reply, error);
  });
  server.setNotFoundHandler((request, reply) => {
    const message = `Expected a route of Hearth, got ${request.method} ${request.url.split('?')[0]}.`;
    return sendError(reply, toWireError(new HearthError('ROUTE_NOT_FOUND', message)));
  });
}

export function sendError(reply: FastifyReply, error: ReturnType<typeof toWireError>): FastifyReply {
  const { status } = errorCodes[error.code];
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  drainRequest(reply.request.raw);
  return reply.code(status).send({ error });
}

/** Fastify's own errors about a request, a body that is no JSON for example. */
export function fromFastify(thrown: FastifyError): unknown {
  if (thrown instanceof HearthError || thrown.statusCode === undefined || thrown.statusCode >= 500) return thrown;
  return new HearthError('REQUEST_INVALID', `Expected a valid request, got an error: ${thrown.message}`, {
    cause: thrown,
  });
}

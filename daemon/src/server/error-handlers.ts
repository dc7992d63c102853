import type { FastifyError, FastifyReply } from 'fastify';
import { errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { toWireError } from '../errors/wire-error.ts';
import type { ServerInstance } from './server-instance.ts';

const retryAfterSeconds = 5;
const lingerMs = 5_000;

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
  closeAfterUpload(reply);
  return reply.code(status).send({ error });
}

/**
 * A client that still sends sees a broken pipe, and not the answer, when its connection is closed at once; so Node reads
 * on and drops what comes, but not for ever.
 */
function closeAfterUpload(reply: FastifyReply): void {
  const upload = reply.request.raw;
  if (upload.complete) return;
  const timer = setTimeout(() => upload.destroy(), lingerMs).unref();
  upload.once('close', () => clearTimeout(timer));
}

/** Fastify's own errors about a request, a body that is no JSON for example. */
function fromFastify(thrown: FastifyError): unknown {
  if (thrown instanceof HearthError || thrown.statusCode === undefined || thrown.statusCode >= 500) return thrown;
  return new HearthError('REQUEST_INVALID', `Expected a valid request, got an error: ${thrown.message}`, {
    cause: thrown,
  });
}

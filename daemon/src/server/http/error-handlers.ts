import type { FastifyError, FastifyReply } from 'fastify';
import { errorCodes } from '../../errors/error-codes.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../errors/wire-error.ts';
import { drainRequest } from './drain-request.ts';
import { errorAnswer } from './error-answer.ts';
import type { ServerInstance } from './server-instance.ts';

/** When to come back to a full queue. */
export const retryAfterSeconds = 5;

/**
 * Every failing answer is `{ "error": { code, message, hint, type, param } }` with the status of its code. To be called
 * before routes are added: it knows them for what asks one by a method that it does not have.
 */
export function addErrorHandlers(server: ServerInstance): void {
  const methodsOf = watchRoutes(server);
  server.setErrorHandler((thrown: FastifyError, request, reply) => {
    const error = toWireError(fromFastify(thrown));
    if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'request failed');
    return sendError(reply, error);
  });
  server.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = methodsOf(path);
    if (methods.length > 0) {
      reply.header('allow', methods.join(', '));
      const message = `Expected ${methods.join(' or ')} for ${shorten(path)}, got ${request.method}.`;
      return sendError(reply, toWireError(new HearthError('METHOD_NOT_ALLOWED', message)));
    }
    const message = `Expected a route of Hearth, got ${request.method} ${shorten(path)}.`;
    return sendError(reply, toWireError(new HearthError('ROUTE_NOT_FOUND', message)));
  });
}

/** The methods that routes added from now on have for a path. */
function watchRoutes(server: ServerInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
}

function shorten(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 200)}…`;
}

export function sendError(reply: FastifyReply, error: ReturnType<typeof toWireError>): FastifyReply {
  const { status } = errorCodes[error.code];
  if (status === 503) reply.header('retry-after', retryAfterSeconds);
  drainRequest(reply.request.raw, { isStranger: error.code === 'TOKEN_INVALID' });
  return reply.code(status).send(errorAnswer(error));
}

/** Fastify's own errors about a request, a body that is no JSON for example. */
export function fromFastify(thrown: FastifyError): unknown {
  if (thrown instanceof HearthError || thrown.statusCode === undefined || thrown.statusCode >= 500) return thrown;
  return new HearthError('REQUEST_INVALID', `Expected a valid request, got an error: ${thrown.message}`, {
    cause: thrown,
  });
}

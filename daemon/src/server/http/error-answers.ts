import type { IncomingMessage } from 'node:http';
import type { FastifyError } from 'fastify';
import { errorCodes } from '../../errors/error-codes.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { ServerInstance } from './server-instance.ts';

/** When to retry after a full queue. */
export const retryAfterSeconds = 5;
/** How long a client may keep sending unwanted data. */
const drainLimitMs = 5_000;
/** Less for clients without a token. */
const strangersDrainLimitMs = 500;

/** Writes the body of an error answer; `param` is the field that is wrong. */
export type ErrorBody = (error: WireError, param: string | null) => object;

/** Answers errors of a scope's routes with the status of their code and a body in the format of the scope's clients. */
export function answerErrors(scope: ServerInstance, bodyOf: ErrorBody = errorBody): void {
  scope.setErrorHandler(async (thrown: FastifyError | HearthError, request, reply) => {
    const error = toWireError(fromFastify(thrown));
    if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'request failed');
    const { status } = errorCodes[error.code];
    if (status === 503) reply.header('retry-after', retryAfterSeconds);
    const drained = drainRequest(request.raw, error.code === 'TOKEN_INVALID' ? strangersDrainLimitMs : drainLimitMs);
    const isLast = endsConnection(request.raw);
    // Fastify closes the connection of a body that it did not take, and with it goes what the client has not read yet.
    if (reply.hasHeader('connection')) reply.header('connection', isLast ? 'close' : 'keep-alive');
    if (isLast) await drained;
    else void drained.then(() => request.raw.complete || request.raw.socket.destroy());
    const param = thrown instanceof HearthError ? thrown.param : null;
    return reply.code(status).type('application/json; charset=utf-8').send(bodyOf(error, param));
  });
}

/** `{ "error": { code, message, hint, type, param } }`. OpenAI's clients read all of it except the hint. */
export function errorBody({ code, message, hint }: WireError, param: string | null = null) {
  const type = errorCodes[code].status >= 500 ? 'server_error' : 'invalid_request_error';
  return { error: { code, message, hint, type, param } } as const;
}

/** Fastify's own errors are about the request, such as a body that is not JSON. */
function fromFastify(thrown: FastifyError | HearthError): unknown {
  if (thrown instanceof HearthError || thrown.statusCode === undefined || thrown.statusCode >= 500) return thrown;
  return new HearthError('REQUEST_INVALID', `Expected a valid request, got an error: ${thrown.message}`, {
    cause: thrown,
  });
}

/** Whether the client wants its connection closed after the answer. */
function endsConnection({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0' || /\bclose\b/i.test(headers.connection ?? '');
}

/** Discards what the client still sends, until it has sent everything or time is up. */
function drainRequest(request: IncomingMessage, limitMs: number): Promise<void> {
  // A parser that the request was piped to must read no more.
  request.unpipe();
  if (request.complete) return Promise.resolve();
  request.resume();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs).unref();
    for (const event of ['end', 'close']) {
      request.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

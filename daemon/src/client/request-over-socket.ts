import { type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';

/** What the daemon knows the command line by. Nameless clients of the socket count as one, and share its limits. */
const clientName = 'hearth';

export interface SocketRequest {
  readonly socketPath: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** A stream is sent with back-pressure and destroyed with the request. */
  readonly body?: Readable | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one HTTP request over the daemon's Unix socket and answers with the response's head; its body is yet to be read.
 * @throws `DAEMON_UNREACHABLE`, `CANCELLED`, what reading `body` throws
 */
export function requestOverSocket({ body, headers, ...target }: SocketRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { ...target, headers: { host: 'localhost', 'hearth-client': clientName, ...headers } },
      resolve,
    );
    sent.on('error', (error: NodeJS.ErrnoException) => reject(connectionError(error, target)));
    if (body === undefined || typeof body === 'string') {
      sent.end(body);
      return;
    }
    body.on('error', (error) => {
      reject(error);
      sent.destroy();
    });
    sent.on('close', () => body.destroy());
    body.pipe(sent);
  });
}

/** What somebody gets who pressed Ctrl-C. */
export function cancelled(cause?: unknown): HearthError {
  return new HearthError('CANCELLED', 'Cancelled.', { hint: '', cause });
}

/** What a broken connection means to the caller: cancelled by itself, nobody listening, or an end in the middle. */
export function connectionError(
  error: NodeJS.ErrnoException,
  { socketPath, signal }: Pick<SocketRequest, 'socketPath' | 'signal'>,
): HearthError {
  if (signal?.aborted) {
    return cancelled(error);
  }
  const isNotListening = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
  const message = isNotListening
    ? `No daemon is running (nothing listens on ${socketPath}).`
    : `The connection to the daemon broke (${error.code ?? 'no reason was given'}).`;
  return new HearthError('DAEMON_UNREACHABLE', message, { cause: error });
}

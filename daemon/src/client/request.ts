import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError, type WireError } from '../protocol/wire-error.ts';

// An import would read every export of the module, which loads Node's WebSocket: that takes longer than the rest of a start.
const { Agent, request: httpRequest, STATUS_CODES } = process.getBuiltinModule('node:http');

/** How the daemon recognises the command line. Clients without a name on the socket count as one, and share its limits. */
const clientName = 'hearth';

/** The daemon to talk to. */
export interface Daemon {
  readonly socketPath: string;
  /** Aborting closes the connection. */
  readonly signal?: AbortSignal | undefined;
  /** Called for every answer with the version of the daemon's Hearth. */
  readonly onVersion?: ((version: string) => void) | undefined;
  /** How long the answer to a question may take. */
  readonly answerWithinMs?: number | undefined;
}

export interface DaemonRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** A stream is sent with back-pressure and destroyed with the request; anything else is sent as JSON. */
  readonly body?: Readable | object;
}

/**
 * Sends one HTTP request over the daemon's Unix socket. The body of the response is still to be read.
 * @throws `DAEMON_UNREACHABLE`, `CONNECTION_LOST`, `CANCELLED`, the error that the daemon answers with, what reading `body` throws
 */
export async function request(daemon: Daemon, asked: DaemonRequest): Promise<IncomingMessage> {
  const response = await send(daemon, asked);
  const version = response.headers['hearth-version'];
  if (typeof version === 'string') daemon.onVersion?.(version);
  if ((response.statusCode ?? 0) >= 400) throw await answeredError(daemon, response);
  return response;
}

/** Returns the JSON of the daemon's answer, however long it takes. @throws what `request` throws */
export async function requestJson<Answer>(daemon: Daemon, asked: DaemonRequest): Promise<Answer> {
  return JSON.parse(await readText(daemon, await request(daemon, asked))) as Answer;
}

/** Rejects with this when the caller aborts. */
export function cancelled(cause?: unknown): HearthError {
  return new HearthError('CANCELLED', 'Cancelled.', { hint: '', cause });
}

/** What a failed connection means: cancelled by the caller, no daemon, or a daemon that went away. */
export function connectionError({ socketPath, signal }: Daemon, cause: NodeJS.ErrnoException): HearthError {
  if (signal?.aborted) return cancelled(cause);
  if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') {
    return new HearthError('DAEMON_UNREACHABLE', `No daemon is running (nothing listens on ${socketPath}).`, { cause });
  }
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    const hint = 'Run this as the user who started the daemon.';
    return new HearthError('DAEMON_UNREACHABLE', `You may not connect to ${socketPath}.`, { hint, cause });
  }
  return new HearthError('CONNECTION_LOST', 'The connection to the daemon was lost.', { cause });
}

function send(daemon: Daemon, { method = 'GET', path, headers, body }: DaemonRequest): Promise<IncomingMessage> {
  const { socketPath, signal } = daemon;
  const stream = body !== undefined && isReadable(body) ? body : null;
  const json = body === undefined || stream !== null ? '' : JSON.stringify(body);
  const jsonHeaders =
    json === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
  const allHeaders = { host: 'localhost', 'hearth-client': clientName, ...jsonHeaders, ...headers };
  // Uses a new connection: the daemon can close a kept one at the moment it is used again.
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ socketPath, agent, signal, method, path, headers: allHeaders }, resolve);
    sent.on('error', (error) => reject(connectionError(daemon, error)));
    sent.on('close', () => agent.destroy());
    if (stream === null) {
      sent.end(json);
      return;
    }
    stream.on('error', (error) => {
      reject(error);
      sent.destroy();
    });
    sent.on('close', () => stream.destroy());
    stream.pipe(sent);
  });
}

function isReadable(body: object): body is Readable {
  return 'pipe' in body;
}

/** The rest of a recording that is still being sent is no longer wanted. */
async function answeredError(daemon: Daemon, response: IncomingMessage): Promise<HearthError> {
  const body = await readText(daemon, response);
  response.destroy();
  const error = parseWireError(body);
  if (error !== null) return fromWireError(error);
  const status = response.statusCode ?? 0;
  return new HearthError('INTERNAL', `Expected an answer, got HTTP ${status} ${STATUS_CODES[status] ?? ''}: ${body}`);
}

async function readText(daemon: Daemon, response: IncomingMessage): Promise<string> {
  try {
    return await text(response);
  } catch (error) {
    throw connectionError(daemon, error as NodeJS.ErrnoException);
  }
}

function parseWireError(body: string): WireError | null {
  try {
    const { error } = JSON.parse(body) as { error?: WireError };
    return error && error.code in errorCodes ? error : null;
  } catch {
    return null;
  }
}

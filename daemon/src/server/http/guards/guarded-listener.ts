import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HearthError } from '../../../errors/hearth-error.ts';
import { toWireError } from '../../../protocol/wire-error.ts';
import { errorBody } from '../error-answers.ts';
import { answerBrokenRequest } from './answer-broken-request.ts';
import { mostRefusedBeside } from './connection-limits.ts';
import { sendLastAnswer } from './last-answer.ts';
import { refuseTrickle } from './refuse-trickle.ts';
import { createUnreadAnswers } from './unread-answers.ts';

const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 5_000;
/** How often Node looks for requests that are late. */
const timeoutCheckMs = 1_000;
/** No client of ours sends a request before it has the answer to the last. */
const mostRequestsAtOnce = 16;
/** Answers that nobody reads. */
const mostUnreadBytes = 128 * 1024 * 1024;
/** How long a client may take to read its answer when others want its place. */
const defaultReadWithinMs = 1_000;

export interface GuardLimits {
  readonly readWithinMs?: number;
  /** In bytes. */
  readonly mostUnread?: number;
}

/**
 * An HTTP listener that keeps answering, whoever connects. At `maxConnections` the connection that has waited longest
 * without a whole request makes way for a new one, then one that does not read its answer; where all are being answered,
 * the new one is refused with 503. Requests that one connection sends at once are handled one after the other, so that
 * none of their answers waits in memory for the ones before it to be read.
 */
export function createGuardedListener(
  handle: RequestListener,
  maxConnections: number,
  { readWithinMs = defaultReadWithinMs, mostUnread = mostUnreadBytes }: GuardLimits = {},
): Server {
  /** Answers of each connection that are not sent yet; refused connections are not among them. */
  const connections = new Map<Socket, Set<ServerResponse>>();
  const unread = createUnreadAnswers(mostUnread);
  /** Those without one, the one that has waited longest first. */
  const waiting = new Set<Socket>();
  /** When a connection was first seen with answers that are whole and not sent, because somebody wanted its place. */
  const unreadSinceMs = new WeakMap<Socket, number>();
  /** Those that read their refusal, the oldest first. */
  const refused = new Set<Socket>();

  function admit(socket: Socket): void {
    if (connections.size >= maxConnections) {
      const [longest = firstUnread()] = waiting;
      if (longest === undefined) {
        turnAway(socket);
        return;
      }
      connections.delete(longest);
      waiting.delete(longest);
      longest.destroy();
    }
    connections.set(socket, new Set());
    waiting.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      waiting.delete(socket);
    });
  }

  /** A connection that nothing holds open but answers that its client does not read. */
  function firstUnread(): Socket | undefined {
    for (const [socket, answers] of connections) {
      if (![...answers].every(({ writableEnded }) => writableEnded)) continue;
      const sinceMs = unreadSinceMs.get(socket) ?? performance.now();
      unreadSinceMs.set(socket, sinceMs);
      if (performance.now() - sinceMs >= readWithinMs) return socket;
    }
    return undefined;
  }

  function turnAway(socket: Socket): void {
    refused.add(socket);
    socket.once('close', () => refused.delete(socket));
    const [oldest] = refused;
    if (refused.size > mostRefusedBeside(maxConnections)) oldest?.destroy();
    refuse(socket);
  }

  function isAllowed(socket: Socket): boolean {
    if (connections.get(socket)?.size === mostRequestsAtOnce) socket.destroy();
    // What a refused connection asks must not happen: it has its answer.
    return !socket.destroyed && connections.has(socket);
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const answers = connections.get(socket) ?? new Set();
    const isFirst = answers.size === 0;
    answers.add(response);
    waiting.delete(socket);
    response.once('close', () => {
      if (socket.destroyed) return;
      answers.delete(response);
      unreadSinceMs.delete(socket);
      const [next] = answers;
      if (next === undefined) waiting.add(socket);
      else begin(next.req, next);
    });
    if (isFirst) begin(request, response);
  }

  function begin(request: IncomingMessage, response: ServerResponse): void {
    unread.watch(request.socket, response);
    refuseTrickle(request);
    handle(request, response);
  }

  const listener = createServer(
    {
      // An upload has its own idle limit, and a job may wait long for its turn.
      requestTimeout: 0,
      headersTimeout: headersTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      // Node would answer one without a host in a way of its own; who asks under which name is looked at later.
      requireHostHeader: false,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    (request, response) => {
      if (isAllowed(request.socket)) take(request, response);
      else request.resume();
    },
  );
  listener.on('connection', admit);
  // An expectation that nobody knows may be ignored; Node would answer it without asking for a token.
  listener.on('checkExpectation', (request, response) => listener.emit('request', request, response));
  listener.on('clientError', (error, socket: Socket) => {
    // In the middle of another answer it would be taken for a part of that one.
    if ((connections.get(socket)?.size ?? 0) > 0) socket.destroy();
    else answerBrokenRequest(error, socket);
  });
  return listener;
}

function refuse(socket: Socket): void {
  const error = toWireError(new HearthError('QUEUE_FULL', 'Hearth answers as many connections as it can.'));
  sendLastAnswer(socket, { status: '503 Service Unavailable', headers: ['retry-after: 5'], body: errorBody(error) });
}

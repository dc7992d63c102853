import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HearthError } from '../../../errors/hearth-error.ts';
import { toWireError } from '../../../protocol/wire-error.ts';
import { errorBody, retryAfterSeconds } from '../error-answers.ts';
import { answerBrokenRequest } from './answer-broken-request.ts';
import { mostRefusedBeside } from './connection-limits.ts';
import { sendLastAnswer } from './last-answer.ts';
import { refuseTrickle } from './refuse-trickle.ts';
import { createUnreadAnswers } from './unread-answers.ts';

const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 5_000;
/** How often Node checks for late requests. */
const timeoutCheckMs = 1_000;
/** None of our clients sends a request before it has the answer to the last one. */
const mostRequestsAtOnce = 16;
/** Limit for unread answers. */
const mostUnreadBytes = 128 * 1024 * 1024;
/** How long a client may take to read its answer while others want its place. */
const defaultReadWithinMs = 1_000;

export interface GuardLimits {
  readonly readWithinMs?: number;
  /** In bytes. */
  readonly mostUnread?: number;
}

/**
 * An HTTP listener that keeps answering, whoever connects. At `maxConnections`, a new connection replaces the one that
 * has waited longest without a complete request, then one that does not read its answer. If all are being answered,
 * the new one is refused with 503. Requests sent at once on one connection are handled one after the other, so no
 * answer has to wait in memory until the ones before it are read.
 */
export function createGuardedListener(
  handle: RequestListener,
  maxConnections: number,
  { readWithinMs = defaultReadWithinMs, mostUnread = mostUnreadBytes }: GuardLimits = {},
): Server {
  /** Unsent answers of each connection, without refused connections. */
  const connections = new Map<Socket, Set<ServerResponse>>();
  const unread = createUnreadAnswers(mostUnread);
  /** Connections without a request, the longest waiting first. */
  const waiting = new Set<Socket>();
  /** When a connection was first found with complete but unsent answers because another needed its place. */
  const unreadSinceMs = new WeakMap<Socket, number>();
  /** Connections that are reading their refusal, oldest first. */
  const refused = new Set<Socket>();
  /** Connections whose bytes are no HTTP any more: nothing that they still send is read. */
  const broken = new WeakSet<Socket>();
  /** Connections that became WebSockets, which are in use as long as they are open. */
  const webSockets = new WeakSet<Socket>();

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

  /** A connection that is only open because its client does not read its answers. */
  function firstUnread(): Socket | undefined {
    for (const [socket, answers] of connections) {
      if (webSockets.has(socket) || ![...answers].every(({ writableEnded }) => writableEnded)) continue;
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
    // A refused connection's request must not run: it already has its answer.
    return !socket.destroyed && connections.has(socket);
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const answers = connections.get(socket) ?? new Set();
    const isFirst = answers.size === 0;
    answers.add(response);
    waiting.delete(socket);
    response.once('close', () => {
      unread.forget(socket);
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
      // An upload has its own idle limit, and a job may wait long in the queue.
      requestTimeout: 0,
      headersTimeout: headersTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      // Node would give its own answer to a request without a host. The host is checked later.
      requireHostHeader: false,
      connectionsCheckingInterval: timeoutCheckMs,
    },
    (request, response) => {
      if (isAllowed(request.socket)) take(request, response);
      else request.resume();
    },
  );
  listener.on('connection', admit);
  listener.on('upgrade', (_request, socket: Socket) => {
    waiting.delete(socket);
    webSockets.add(socket);
    if (refused.has(socket)) socket.destroy();
  });
  // An unknown expectation may be ignored; Node would answer it without checking the token.
  listener.on('checkExpectation', (request, response) => listener.emit('request', request, response));
  listener.on('clientError', (error, socket: Socket) => {
    // Nobody is left to be answered at a connection that broke.
    if (broken.has(socket) || socket.destroyed) return;
    broken.add(socket);
    const last = [...(connections.get(socket) ?? [])].at(-1);
    if (last === undefined) answerBrokenRequest(error, socket);
    // Its own body is broken: it may never be answered.
    else if (!last.req.complete) socket.destroy();
    // What was asked before is answered first. In the middle of another answer, this would be taken for a part of it.
    else last.once('close', () => answerBrokenRequest(error, socket));
  });
  return listener;
}

function refuse(socket: Socket): void {
  const error = toWireError(new HearthError('QUEUE_FULL', 'Hearth answers as many connections as it can.'));
  const headers = [`retry-after: ${retryAfterSeconds}`];
  sendLastAnswer(socket, { status: '503 Service Unavailable', headers, body: errorBody(error) });
}

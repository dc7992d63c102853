import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending what nobody wants. */
const drainLimitMs = 5_000;

/**
 * Drops what a client still sends, but not for ever. One whose connection is closed at once sees a broken pipe and not
 * its answer.
 */
export function drainRequest(request: IncomingMessage): void {
  // A parser that it was led to may read no more.
  request.unpipe();
  if (request.complete) return;
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), drainLimitMs).unref();
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

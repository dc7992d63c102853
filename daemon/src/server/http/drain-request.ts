import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending what nobody wants. */
const drainLimitMs = 5_000;
/** Whoever has no token is owed little. */
const strangersDrainLimitMs = 500;

/**
 * Drops what a client still sends, but not for ever. One whose connection is closed at once sees a broken pipe and not
 * its answer.
 */
export function drainRequest(
  request: IncomingMessage,
  { isStranger = false }: { readonly isStranger?: boolean } = {},
): void {
  // A parser that it was led to may read no more.
  request.unpipe();
  if (request.complete) return;
  const { socket } = request;
  const limitMs = isStranger ? strangersDrainLimitMs : drainLimitMs;
  const timer = setTimeout(() => socket.destroy(), limitMs).unref();
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

import type { IncomingMessage } from 'node:http';
import { afterRunningFor } from '../../../time/after-running-for.ts';

export interface LeastPace {
  readonly bytes: number;
  readonly periodMs: number;
}

/** Slower than any sound, and than any connection that can carry sound. */
export const leastPace: LeastPace = { bytes: 8 * 1024, periodMs: 120_000 };

/**
 * Ends the connection of a request whose body arrives slower than `pace`. Byte by byte, it would keep its place forever.
 * Time in which the daemon itself did not read does not count.
 */
export function refuseTrickle(request: IncomingMessage, pace: LeastPace = leastPace): void {
  // Most requests have no body and are already complete.
  setImmediate(() => {
    if (!request.complete) watchPace(request, pace);
  });
}

function watchPace(request: IncomingMessage, pace: LeastPace): void {
  const { socket } = request;
  let seenBytes = socket.bytesRead;
  const timer = afterRunningFor(pace.periodMs, () => {
    if (request.complete || request.destroyed) return;
    const isUnread = request.readableLength > 0;
    if (!isUnread && socket.bytesRead - seenBytes < pace.bytes) {
      socket.destroy();
      return;
    }
    seenBytes = socket.bytesRead;
    timer.restart();
  });
  // A connection may bring many requests.
  const stop = () => {
    timer.stop();
    request.off('close', stop);
    socket.off('close', stop);
  };
  request.once('close', stop);
  socket.once('close', stop);
}

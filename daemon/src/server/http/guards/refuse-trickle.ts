import type { IncomingMessage } from 'node:http';
import { afterRunningFor } from '../../jobs/running-time.ts';

export interface LeastPace {
  readonly bytes: number;
  readonly periodMs: number;
}

/** Slower than any sound, and than any line that carries one. */
const leastPace: LeastPace = { bytes: 8 * 1024, periodMs: 120_000 };

/**
 * Ends the connection of a request whose body comes slower than `pace`: byte by byte it would hold its place for ever.
 * Time in which the daemon itself did not read does not count.
 */
export function refuseTrickle(request: IncomingMessage, pace: LeastPace = leastPace): void {
  const { socket } = request;
  let stopWaiting = (): void => undefined;
  let seenBytes = socket.bytesRead;

  function look(): void {
    if (request.complete || request.destroyed) return;
    const isUnread = request.readableLength > 0;
    if (!isUnread && socket.bytesRead - seenBytes < pace.bytes) {
      socket.destroy();
      return;
    }
    seenBytes = socket.bytesRead;
    stopWaiting = afterRunningFor(pace.periodMs, look);
  }

  // Most requests have no body, and are complete by then.
  setImmediate(() => {
    if (request.complete) return;
    stopWaiting = afterRunningFor(pace.periodMs, look);
    request.once('end', () => stopWaiting());
    socket.once('close', () => stopWaiting());
  });
}

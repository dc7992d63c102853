import { watchPlace } from '../../settings/file-identity.ts';

/** One check costs nothing compared with the engine's heartbeat. */
const intervalMs = 5_000;

export interface WatchHomeRequest {
  readonly home: string;
  /** Whether its lock is still held. */
  readonly isOurs: () => boolean;
  readonly socket: string;
  readonly onGone: () => void;
  readonly onUnreachable: () => void;
  readonly everyMs?: number;
}

/**
 * Reports once if the home was deleted, moved or replaced, or another process has it. Nobody can reach the daemon of such a
 * home, and what it writes could end up in somebody else's home. If only the socket is gone, the home is still the daemon's, but
 * nobody can reach it. Returns a function that stops the checks.
 */
export function watchHome(request: WatchHomeRequest): () => void {
  const { home, isOurs, socket, onGone, onUnreachable, everyMs = intervalMs } = request;
  const isThere = watchPlace(home);
  const isReachable = watchPlace(socket);
  const timer = setInterval(() => {
    const isGone = !isThere() || !isOurs();
    if (!isGone && isReachable()) return;
    clearInterval(timer);
    if (isGone) onGone();
    else onUnreachable();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

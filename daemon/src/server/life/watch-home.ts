import { watchPlace } from '../../settings/file-identity.ts';

/** One check costs nothing compared with the engine's heartbeat. */
const intervalMs = 5_000;

export interface WatchHomeRequest {
  readonly home: string;
  readonly lockFile: string;
  readonly socket: string;
  readonly onGone: () => void;
  readonly onUnreachable: () => void;
  readonly everyMs?: number;
}

/**
 * Reports once if the home or its lock was deleted, moved or replaced. Nobody can reach the daemon of such a home, and
 * what it writes could end up in somebody else's home. If only the socket is gone, the home is still the daemon's, but
 * nobody can reach it. Returns a function that stops the checks.
 */
export function watchHome(request: WatchHomeRequest): () => void {
  const { home, lockFile, socket, onGone, onUnreachable, everyMs = intervalMs } = request;
  const isThere = [home, lockFile].map(watchPlace);
  const isReachable = watchPlace(socket);
  const timer = setInterval(() => {
    const isGone = !isThere.every((look) => look());
    if (!isGone && isReachable()) return;
    clearInterval(timer);
    if (isGone) onGone();
    else onUnreachable();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

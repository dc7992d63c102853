import { watchPlace } from '../../settings/file-identity.ts';

/** A look costs nothing beside the engine's heartbeat. */
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
 * Tells once that the home or its lock is no longer what it was: deleted, moved, or another one in its place. Nobody can
 * reach the daemon of such a home, and what it wrote there could end up in somebody else's. Where only the socket is gone,
 * the home is still the daemon's, but nobody reaches it. Answers with how to stop.
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

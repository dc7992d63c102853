import { statSync } from 'node:fs';

/** A look costs nothing beside the engine's heartbeat. */
const intervalMs = 5_000;

export interface WatchHomeRequest {
  readonly home: string;
  readonly lockFile: string;
  readonly onGone: () => void;
  readonly everyMs?: number;
}

/**
 * Tells once that the home or its lock is no longer what it was: deleted, moved, or another one in its place. Nobody can
 * reach the daemon of such a home, and what it wrote there could end up in somebody else's. Answers with how to stop.
 */
export function watchHome({ home, lockFile, onGone, everyMs = intervalMs }: WatchHomeRequest): () => void {
  const watched = [home, lockFile].map((path) => ({ path, identity: identityOf(path) }));
  const timer = setInterval(() => {
    if (watched.every(({ path, identity }) => [identity, null].includes(identityOf(path)))) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Empty for what is gone; null for what cannot be looked at for the moment, as on a disk that is slow to wake. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? '' : null;
  }
}

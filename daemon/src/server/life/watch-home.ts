import { statSync } from 'node:fs';

/** One check costs nothing compared with the engine's heartbeat. */
const intervalMs = 5_000;

export interface WatchHomeRequest {
  readonly home: string;
  readonly lockFile: string;
  readonly onGone: () => void;
  readonly everyMs?: number;
}

/**
 * Reports once if the home or its lock was deleted, moved or replaced. Nobody can reach the daemon of such a home, and
 * what it writes could end up in somebody else's home. Returns a function that stops the checks.
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

/** Empty if it is gone; null if it cannot be checked right now, as on a disk that is slow to wake. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? '' : null;
  }
}

import { watchPlace } from '../../settings/file-identity.ts';
import type { Claim } from './keep-lock.ts';

/** One check costs nothing compared with the engine's heartbeat. */
const intervalMs = 5_000;
const unsureIntervalMs = 1_000;

export interface WatchHomeRequest {
  readonly home: string;
  /** Whether its lock is still held. */
  readonly claim: () => Claim;
  readonly socket: string;
  readonly onGone: () => void;
  readonly onUnreachable: () => void;
  readonly everyMs?: number;
  /** While it is not sure whose the home is. */
  readonly unsureEveryMs?: number;
}

/**
 * Reports once if the home was deleted, moved or replaced, or another process has it. Nobody can reach the daemon of such a
 * home, and what it writes could end up in somebody else's home. If only the socket is gone, the home is still the daemon's, but
 * nobody can reach it. Returns a function that stops the checks.
 */
export function watchHome(request: WatchHomeRequest): () => void {
  const { home, claim, socket, onGone, onUnreachable } = request;
  const { everyMs = intervalMs, unsureEveryMs = unsureIntervalMs } = request;
  const isThere = watchPlace(home);
  const isReachable = watchPlace(socket);
  let timer: NodeJS.Timeout;
  function look(): void {
    const claimed = isThere() ? claim() : 'lost';
    if (claimed === 'lost') onGone();
    // Whoever takes the home has removed the socket: this daemon may not end as the owner of the home then.
    else if (claimed === 'ours' && !isReachable()) onUnreachable();
    else lookAgain(claimed === 'ours' ? everyMs : unsureEveryMs);
  }
  function lookAgain(afterMs: number): void {
    timer = setTimeout(look, afterMs).unref();
  }
  lookAgain(everyMs);
  return () => clearTimeout(timer);
}

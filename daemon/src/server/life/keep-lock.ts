import type { Logger } from 'pino';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { HomeLock } from './home-lock.ts';

/** Another daemon locks the file for a moment while it looks whether this one answers. */
const mostMisses = 3;

export type Claim = 'ours' | 'unsure' | 'lost';

/** Looks after the lock of a daemon that runs. */
export interface KeptLock {
  /** Whether the home is still this process's; looked at again and again. `unsure`: another process may be about to take it. */
  claim(): Claim;
  /** Why the lock could not be made again. No other daemon can start then, either. */
  problem(): WireError | null;
}

export function keepLock(lock: Pick<HomeLock, 'keep'>, log: Logger): KeptLock {
  let misses = 0;
  let problem: WireError | null = null;
  return {
    claim() {
      try {
        const found = lock.keep();
        if (found === 'locked anew') log.warn('the lock of the home was deleted or replaced, and is made again');
        misses = found === 'taken' ? misses + 1 : 0;
        problem = null;
      } catch (error) {
        if (problem === null) log.error({ err: error }, 'the lock of the home was replaced');
        problem = toWireError(error);
      }
      if (misses === 0) return 'ours';
      return misses < mostMisses ? 'unsure' : 'lost';
    },
    problem: () => problem,
  };
}

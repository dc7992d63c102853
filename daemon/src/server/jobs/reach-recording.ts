import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterRunningFor } from '../../time/after-running-for.ts';

/** The time that a request's own path has, too. */
const defaultPatienceMs = 10_000;

export interface ReachRequest {
  readonly patienceMs?: number;
  /** Asks the disk for the file. */
  readonly look?: (path: string) => Promise<unknown>;
}

/**
 * Whether the disk of a recording answers. An engine that waits for one that does not keeps all others waiting, and may outlive
 * a kill. A look holds a thread until the disk answers, so there is one at a time: while that of another folder goes on, the
 * engine has to find out.
 */
export function createReach({ patienceMs = defaultPatienceMs, look = stat }: ReachRequest = {}) {
  let underWay: { readonly folder: string; isLate: boolean } | null = null;

  return async function isReached(path: string): Promise<boolean> {
    const folder = dirname(path);
    if (underWay !== null) return !(underWay.isLate && underWay.folder === folder);
    const own = { folder, isLate: false };
    underWay = own;
    const late = Promise.withResolvers<false>();
    const patience = afterRunningFor(patienceMs, () => {
      own.isLate = true;
      late.resolve(false);
    });
    const answer = () => {
      underWay = null;
      patience.stop();
      return true;
    };
    // What is wrong with a file whose disk answers is for the engine to say.
    return Promise.race([look(path).then(answer, answer), late.promise]);
  };
}

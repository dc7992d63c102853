/** Of the time of somebody who speaks, no more than this goes into looks, whose text may still change. */
const largestShare = 1 / 2;

/**
 * How often a session may look. Sound that comes on time is the clock: what has come during a look is how long it took,
 * also where it waited for other sessions. So sessions that share a machine that cannot keep up all look less, and leave
 * it time for what is committed.
 */
export interface LookPace {
  /** A look begins that hears up to there. */
  began(horizonSeconds: number): void;
  /** So much has come now. The first time after a look says how long that took. */
  heard(horizonSeconds: number): void;
  mayLook(horizonSeconds: number): boolean;
}

export function createLookPace(): LookPace {
  let begunSeconds: number | null = null;
  let restUntilSeconds = 0;
  return {
    began(horizonSeconds) {
      begunSeconds = horizonSeconds;
    },
    heard(horizonSeconds) {
      if (begunSeconds === null) return;
      restUntilSeconds = horizonSeconds + (horizonSeconds - begunSeconds) * (1 / largestShare - 1);
      begunSeconds = null;
    },
    mayLook: (horizonSeconds) => horizonSeconds >= restUntilSeconds,
  };
}

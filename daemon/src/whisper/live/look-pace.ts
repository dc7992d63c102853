/** Of the time of somebody who speaks, no more than this goes into looks, whose text may still change. */
const largestShare = 1 / 2;
/** So much may be owed: one look that takes longer, because a pause was heard as a file, does not delay the next. */
const mostOwedSeconds = 1;

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
  mayLook(): boolean;
}

export function createLookPace(): LookPace {
  let isLooking = false;
  let heardSeconds = 0;
  /** Time without looks that has to come for those that were. */
  let owedSeconds = 0;
  return {
    began(horizonSeconds) {
      isLooking = true;
      heardSeconds = horizonSeconds;
    },
    heard(horizonSeconds) {
      const passed = Math.max(0, horizonSeconds - heardSeconds);
      owedSeconds = Math.max(0, owedSeconds + (isLooking ? passed * (1 / largestShare - 1) : -passed));
      heardSeconds = horizonSeconds;
      isLooking = false;
    },
    mayLook: () => owedSeconds <= mostOwedSeconds,
  };
}

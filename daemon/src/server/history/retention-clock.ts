const hourMs = 3_600_000;
/** An hour in which the daemon runs makes up for at most a day in which it did not, or slept. */
const mostPaidPerHourMs = 24 * hourMs;

/**
 * How long the history has existed, for the age of what is in it. It is not the computer's clock: that one may be years
 * off for a while, and what is deleted then does not come back.
 */
export interface RetentionClock {
  readonly agedMs: number;
  /** What the computer's clock showed at the last look. */
  readonly wallMs: number;
  /** Time that the computer's clock says has passed and that is not believed yet; below 0 after a jump back. */
  readonly owedMs: number;
}

/**
 * Time in which the process ran counts in full. A jump of the computer's clock is owed, and paid a day per hour that the
 * process runs: so nights and weeks in which a computer is off count, and a wrong reading does not, since the clock jumps
 * back from it.
 */
export function advanceClock(clock: RetentionClock, wallMs: number, ranMs: number): RetentionClock {
  const owedMs = clock.owedMs + wallMs - clock.wallMs - ranMs;
  const paidMs = Math.max(0, Math.min(owedMs, Math.round((ranMs / hourMs) * mostPaidPerHourMs)));
  return { agedMs: clock.agedMs + ranMs + paidMs, wallMs, owedMs: owedMs - paidMs };
}

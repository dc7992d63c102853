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

/** What is known of a transcript's time. */
export interface DatedTranscript {
  readonly agedMs: number;
  readonly createdAtMs: number;
}

/** Times that `Date` can show. */
const longestMs = 8.64e15;
/** A computer is off for less. */
const mostOwedMs = 5 * 365 * 24 * hourMs;

/**
 * The clock as it was stored, if it fits the newest transcripts: no more time has passed than the computer's clock says. A wrong
 * bit in it would delete everything. `null` for one that cannot be.
 */
export function soundClock(
  clock: RetentionClock,
  newest: readonly DatedTranscript[],
  wallMs: number,
): RetentionClock | null {
  const { agedMs, owedMs } = clock;
  const isPossible = [agedMs, clock.wallMs, owedMs].every((milliseconds) => Math.abs(milliseconds) <= longestMs);
  if (!isPossible || owedMs > mostOwedMs) return null;
  const latestMs = Math.max(wallMs, clock.wallMs);
  const ages = newest.map((each) => each.agedMs + Math.max(0, latestMs - each.createdAtMs));
  return newest.length > 0 && agedMs > median(ages) + mostPaidPerHourMs ? null : clock;
}

/** One of the transcripts may have a wrong time, too. */
export function newClock(newest: readonly DatedTranscript[], wallMs: number): RetentionClock {
  const agedMs = newest.length === 0 ? 0 : median(newest.map((each) => each.agedMs));
  return { agedMs: Math.abs(agedMs) <= longestMs ? agedMs : 0, wallMs, owedMs: 0 };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)] ?? 0;
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

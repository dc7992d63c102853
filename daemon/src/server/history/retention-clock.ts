const hourMs = 3_600_000;
/** An hour in which the daemon runs makes up for at most a day in which it did not, or slept. */
const mostPaidPerHourMs = 24 * hourMs;

/**
 * The history's own clock, for the age of what is in it. It follows the computer's, which may be years off for a while: it
 * goes by the time in which the process runs, and catches up slowly with what the computer's clock says beyond that.
 */
export interface RetentionClock {
  readonly agedMs: number;
  /** What the computer's clock showed at the last look. */
  readonly wallMs: number;
  /** How far the computer's clock is ahead of this one, which is not believed yet; below 0 where it is behind. */
  readonly owedMs: number;
}

/** What is known of a transcript's time. */
export interface DatedTranscript {
  /** When its age begins, by the history's clock. */
  readonly agedMs: number;
  readonly createdAtMs: number;
}

/** Times that `Date` can show. */
const longestMs = 8.64e15;

/**
 * The clock as it was stored, if it fits the newest transcripts; `null` for one that cannot be. Both clocks are the same
 * distance from each other for ever, and no transcript's age begins earlier than that distance from its creation.
 */
export function soundClock(clock: RetentionClock, newest: readonly DatedTranscript[]): RetentionClock | null {
  const { agedMs, wallMs, owedMs } = clock;
  if (![agedMs, wallMs, owedMs].every((milliseconds) => Math.abs(milliseconds) <= longestMs)) return null;
  const distances = newest.map((each) => each.agedMs - each.createdAtMs);
  return newest.length > 0 && agedMs + owedMs - wallMs > median(distances) + mostPaidPerHourMs ? null : clock;
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
 * back from it. Nothing is paid at the look that finds it.
 */
export function advanceClock(clock: RetentionClock, wallMs: number, ranMs: number): RetentionClock {
  const owedMs = clock.owedMs + wallMs - clock.wallMs - ranMs;
  const mostMs = Math.round((ranMs / hourMs) * mostPaidPerHourMs);
  const paidMs = Math.max(0, Math.min(clock.owedMs, owedMs, mostMs));
  return { agedMs: clock.agedMs + ranMs + paidMs, wallMs, owedMs: owedMs - paidMs };
}

/** When the age of a transcript that is made now begins, by the history's clock: what is owed at its making is no age of it. */
export function beginningOfAge({ agedMs, owedMs }: RetentionClock): number {
  return agedMs + Math.max(0, owedMs);
}

/** A stretch of speech, in seconds from the recording's start. */
export interface SpeechRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface SpeechRangeRules {
  /** Speech begins at this probability and ends below it by 0.15. */
  readonly threshold: number;
  /** Shorter sounds are no speech. */
  readonly minSpeechSeconds: number;
  /** Shorter silences belong to the speech around them, at the recording's ends too. */
  readonly minSilenceSeconds: number;
  /** Kept before and after speech, where there is room. */
  readonly padSeconds: number;
}

/** Where a recording holds speech, found while it is heard. */
export interface GrowingSpeechRanges {
  /** Takes the next probabilities, one per 32 ms; gives the ranges that nothing later changes. */
  add(probabilities: ArrayLike<number>): SpeechRange[];
  /** What is left when nothing more is heard. */
  end(durationSeconds: number): SpeechRange[];
  /** Speech that may go on: where it begins, and how far it is sure to go. Null where there is none, or others come first. */
  open(): SpeechRange | null;
  /** Before when no other range begins. */
  nextFrom(): number;
}

const secondsPerProbability = 512 / 16_000;
/** Speech that has begun goes on until it is this much less likely. */
const hysteresis = 0.15;

/** silero-vad `get_speech_timestamps`, without a longest length. */
export function createSpeechRanges(rules: SpeechRangeRules): GrowingSpeechRanges {
  const { threshold, minSpeechSeconds, minSilenceSeconds, padSeconds } = rules;
  let heard = 0;
  let runStart: number | null = null;
  /** Runs with short silences between them. */
  let joined: SpeechRange | null = null;
  let hasFound = false;
  /** Found, but the recording may end in the silence behind them. */
  let waiting: SpeechRange[] = [];

  function endRun(endSeconds: number): void {
    if (runStart === null) return;
    joined = { startSeconds: joined?.startSeconds ?? runStart * secondsPerProbability, endSeconds };
    runStart = null;
  }

  function endSpeech(): void {
    if (joined !== null && isLong(joined)) {
      waiting.push({ startSeconds: paddedStart(joined), endSeconds: joined.endSeconds });
      hasFound = true;
    }
    joined = null;
  }

  function isLong({ startSeconds, endSeconds }: SpeechRange): boolean {
    return endSeconds - startSeconds >= minSpeechSeconds;
  }

  function paddedStart({ startSeconds }: SpeechRange): number {
    const silenceBefore = !hasFound && startSeconds < minSilenceSeconds ? startSeconds : padSeconds;
    return Math.max(0, startSeconds - silenceBefore);
  }

  return {
    add(probabilities) {
      for (let i = 0; i < probabilities.length; i++, heard++) {
        const probability = probabilities[i] as number;
        const seconds = heard * secondsPerProbability;
        if (runStart === null && joined !== null && seconds - joined.endSeconds >= minSilenceSeconds) endSpeech();
        if (runStart === null && probability >= threshold) runStart = heard;
        if (probability < threshold - hysteresis) endRun(seconds);
      }
      // Whatever begins that late leaves the middle of the silence outside of the range.
      const settledSeconds = heard * secondsPerProbability - 2 * padSeconds;
      const settled = waiting.filter(({ endSeconds }) => endSeconds <= settledSeconds);
      waiting = waiting.slice(settled.length);
      return settled.map((range) => ({ ...range, endSeconds: range.endSeconds + padSeconds }));
    },
    end(durationSeconds) {
      endRun(Math.min(heard * secondsPerProbability, durationSeconds));
      const last = joined;
      endSpeech();
      const found = waiting.map(({ startSeconds, endSeconds }) => {
        const restSeconds = durationSeconds - endSeconds;
        const isLast = endSeconds === last?.endSeconds && restSeconds < minSilenceSeconds;
        return {
          startSeconds,
          endSeconds: Math.min(durationSeconds, endSeconds + (isLast ? restSeconds : padSeconds)),
        };
      });
      waiting = [];
      return found;
    },
    open() {
      if (waiting.length > 0) return null;
      const startSeconds = joined?.startSeconds ?? (runStart ?? 0) * secondsPerProbability;
      const endSeconds = runStart === null ? joined?.endSeconds : heard * secondsPerProbability;
      if (endSeconds === undefined) return null;
      const speech = { startSeconds, endSeconds };
      return isLong(speech) ? { startSeconds: paddedStart(speech), endSeconds } : null;
    },
    nextFrom() {
      const isSilent = runStart === null && joined === null && waiting.length === 0;
      return isSilent ? heard * secondsPerProbability - padSeconds : 0;
    },
  };
}

/** The same for a whole recording. */
export function speechRanges({
  probabilities,
  durationSeconds,
  ...rules
}: SpeechRangeRules & {
  readonly probabilities: ArrayLike<number>;
  readonly durationSeconds: number;
}): SpeechRange[] {
  const ranges = createSpeechRanges(rules);
  return [...ranges.add(probabilities), ...ranges.end(durationSeconds)];
}

/** A stretch of speech, in seconds from the recording's start. */
export interface SpeechRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface SpeechRangesRequest {
  /** Of speech, one per 32 ms. */
  readonly probabilities: ArrayLike<number>;
  readonly durationSeconds: number;
  /** Speech begins at this probability and ends below it by 0.15. */
  readonly threshold: number;
  /** Shorter sounds are no speech. */
  readonly minSpeechSeconds: number;
  /** Shorter silences belong to the speech around them, at the recording's ends too. */
  readonly minSilenceSeconds: number;
  /** Kept before and after speech, where there is room. */
  readonly padSeconds: number;
}

const secondsPerProbability = 512 / 16_000;
/** Speech that has begun goes on until it is this much less likely. */
const hysteresis = 0.15;

/** Where a recording holds speech (silero-vad `get_speech_timestamps`, without a longest length). */
export function speechRanges(request: SpeechRangesRequest): SpeechRange[] {
  const { durationSeconds, minSilenceSeconds, minSpeechSeconds, padSeconds } = request;
  const spoken = joinOver(minSilenceSeconds, spokenRuns(request)).filter(
    ({ startSeconds, endSeconds }) => endSeconds - startSeconds >= minSpeechSeconds,
  );
  const lastIndex = spoken.length - 1;
  return spoken.map(({ startSeconds, endSeconds }, index) => {
    const silenceBefore = index === 0 && startSeconds < minSilenceSeconds ? startSeconds : padSeconds;
    const restSeconds = durationSeconds - endSeconds;
    const silenceAfter = index === lastIndex && restSeconds < minSilenceSeconds ? restSeconds : padSeconds;
    return {
      startSeconds: Math.max(0, startSeconds - silenceBefore),
      endSeconds: Math.min(durationSeconds, endSeconds + silenceAfter),
    };
  });
}

/** Runs of probabilities that begin above the threshold and stay above it less the hysteresis. */
function spokenRuns({ probabilities, threshold, durationSeconds }: SpeechRangesRequest): SpeechRange[] {
  const runs: SpeechRange[] = [];
  let start: number | null = null;
  for (let i = 0; i <= probabilities.length; i++) {
    const probability = probabilities[i] ?? 0;
    if (start === null && probability >= threshold) start = i;
    if (start !== null && probability < threshold - hysteresis) {
      const endSeconds = Math.min(i * secondsPerProbability, durationSeconds);
      runs.push({ startSeconds: start * secondsPerProbability, endSeconds });
      start = null;
    }
  }
  if (start !== null) runs.push({ startSeconds: start * secondsPerProbability, endSeconds: durationSeconds });
  return runs;
}

/** Neighbours with less than `gapSeconds` between them become one. */
function joinOver(gapSeconds: number, ranges: readonly SpeechRange[]): SpeechRange[] {
  const joined: SpeechRange[] = [];
  for (const range of ranges) {
    const previous = joined.at(-1);
    if (previous !== undefined && range.startSeconds - previous.endSeconds < gapSeconds) {
      joined[joined.length - 1] = { startSeconds: previous.startSeconds, endSeconds: range.endSeconds };
    } else {
      joined.push(range);
    }
  }
  return joined;
}

import { type SpeechRange, speechRanges } from '../voice-activity/speech-ranges.ts';

const secondsPerChunk = 512 / 16_000;

/** Where somebody speaks in sound that is still coming. Times count from its beginning. */
export interface LiveSpeech {
  /** How far voice activity has heard. */
  heardSeconds(): number;
  /** Takes the probabilities of the next pieces of 32 ms. */
  add(probabilities: ArrayLike<number>): void;
  /** Gives up what lies before a time. */
  forget(beforeSeconds: number): void;
  /** What is spoken in a part, cut at every pause of `pauseSeconds` or more. */
  rangesIn(part: SpeechRange, pauseSeconds: number): SpeechRange[];
  /** When in a part somebody most likely does not speak. */
  quietestSecond(part: SpeechRange): number;
}

/** The sound begins at `fromSeconds`. */
export function createLiveSpeech({
  threshold,
  fromSeconds,
}: {
  readonly threshold: number;
  readonly fromSeconds: number;
}): LiveSpeech {
  let probabilities: number[] = [];
  let startSeconds = fromSeconds;

  function indexOf(seconds: number): number {
    return Math.min(Math.max(0, Math.round((seconds - startSeconds) / secondsPerChunk)), probabilities.length);
  }

  return {
    heardSeconds: () => startSeconds + probabilities.length * secondsPerChunk,
    add(more) {
      for (let i = 0; i < more.length; i++) probabilities.push(more[i] as number);
    },
    forget(beforeSeconds) {
      const count = indexOf(beforeSeconds);
      if (count === 0) return;
      probabilities = probabilities.slice(count);
      startSeconds += count * secondsPerChunk;
    },
    rangesIn(part, pauseSeconds) {
      const first = indexOf(part.startSeconds);
      const heard = probabilities.slice(first, indexOf(part.endSeconds));
      const offset = startSeconds + first * secondsPerChunk;
      const durationSeconds = heard.length * secondsPerChunk;
      // Silences at the ends of what has come so far belong to nothing yet.
      const none = { minSpeechSeconds: 0, minSilenceSeconds: 0, padSeconds: 0 };
      const ranges: SpeechRange[] = [];
      for (const range of speechRanges({ probabilities: heard, durationSeconds, threshold, ...none })) {
        const [startSeconds, endSeconds] = [range.startSeconds + offset, range.endSeconds + offset];
        const last = ranges.at(-1);
        const joins = last !== undefined && startSeconds - last.endSeconds < pauseSeconds;
        if (joins) ranges[ranges.length - 1] = { startSeconds: last.startSeconds, endSeconds };
        else ranges.push({ startSeconds, endSeconds });
      }
      return ranges;
    },
    quietestSecond(part) {
      const first = indexOf(part.startSeconds);
      const heard = probabilities.slice(first, indexOf(part.endSeconds));
      const least = heard.indexOf(Math.min(...heard));
      return startSeconds + (first + Math.max(0, least) + 0.5) * secondsPerChunk;
    },
  };
}

import type { SpeechRange } from '../voice-activity/speech-ranges.ts';

/** Speech of this length without a text is missed; the times of segments are no more exact than that. */
export const shortestMissedSeconds = 1;
/** Segments begin and end this much early or late. */
const looseSeconds = 0.25;
/** Speech on both sides of a shorter pause belongs together. */
const longestInnerPauseSeconds = 2;

export interface MissedSpeechRequest {
  /** What voice activity heard, cut at every pause, in order. */
  readonly spoken: readonly SpeechRange[];
  /** Where there is text. */
  readonly covered: readonly SpeechRange[];
  /** The part of the recording that is looked at. */
  readonly region: SpeechRange;
}

/** Where somebody speaks for a second or more and no text says what. */
export function missedSpeech({ spoken, covered, region }: MissedSpeechRequest): SpeechRange[] {
  const padded = covered.map(({ startSeconds, endSeconds }) => ({
    startSeconds: startSeconds - looseSeconds,
    endSeconds: endSeconds + looseSeconds,
  }));
  const pieces = intersect(spoken, region).flatMap((piece) => padded.reduce(subtractFromAll, [piece]));
  const groups: SpeechRange[][] = [];
  for (const piece of pieces) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && belongTogether(last, piece, padded)) group.push(piece);
    else groups.push([piece]);
  }
  return groups
    .filter((group) => totalSeconds(group) >= shortestMissedSeconds)
    .map((group) => ({
      startSeconds: (group[0] as SpeechRange).startSeconds,
      endSeconds: (group.at(-1) as SpeechRange).endSeconds,
    }));
}

/** The parts of some ranges that lie in another. */
export function intersect(ranges: readonly SpeechRange[], region: SpeechRange): SpeechRange[] {
  return ranges.flatMap((range) => {
    const startSeconds = Math.max(range.startSeconds, region.startSeconds);
    const endSeconds = Math.min(range.endSeconds, region.endSeconds);
    return startSeconds < endSeconds ? [{ startSeconds, endSeconds }] : [];
  });
}

export function totalSeconds(ranges: readonly SpeechRange[]): number {
  return ranges.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

function belongTogether(last: SpeechRange, next: SpeechRange, covered: readonly SpeechRange[]): boolean {
  if (next.startSeconds - last.endSeconds > longestInnerPauseSeconds) return false;
  const between = { startSeconds: last.endSeconds, endSeconds: next.startSeconds };
  return intersect(covered, between).length === 0;
}

function subtractFromAll(ranges: readonly SpeechRange[], taken: SpeechRange): SpeechRange[] {
  return ranges.flatMap((range) =>
    [
      { startSeconds: range.startSeconds, endSeconds: Math.min(range.endSeconds, taken.startSeconds) },
      { startSeconds: Math.max(range.startSeconds, taken.endSeconds), endSeconds: range.endSeconds },
    ].filter(({ startSeconds, endSeconds }) => startSeconds < endSeconds),
  );
}

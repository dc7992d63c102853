import type { SpeechRange } from './speech-ranges.ts';

/** Speech that a text may leave out at its end: the times that a model writes are that inexact. */
const negligibleSeconds = 1;
/** From this length on speech between two pauses is a word, and half of it is not negligible. */
const shortestUtteranceSeconds = 0.5;

/**
 * The time in a part until which its text has to reach, by where voice activity detection hears speech: what is left
 * after it is less than a second, and no whole utterance. `spoken` is cut at every pause.
 */
export function speechUntil(part: SpeechRange, spoken: readonly SpeechRange[]): number {
  const utterances = spoken.flatMap((range) => {
    const startSeconds = Math.max(range.startSeconds, part.startSeconds);
    const endSeconds = Math.min(range.endSeconds, part.endSeconds);
    return startSeconds < endSeconds ? [{ startSeconds, endSeconds }] : [];
  });
  const last = utterances.findLast(
    ({ startSeconds, endSeconds }) => endSeconds - startSeconds >= shortestUtteranceSeconds,
  );
  const middleOfLast = last === undefined ? part.startSeconds : (last.startSeconds + last.endSeconds) / 2;
  return Math.max(middleOfLast, withSpeechLeft(utterances, negligibleSeconds) ?? part.startSeconds);
}

/** When there is so much speech left; undefined where there is less of it. */
function withSpeechLeft(utterances: readonly SpeechRange[], seconds: number): number | undefined {
  let missingSeconds = seconds;
  for (const { startSeconds, endSeconds } of utterances.toReversed()) {
    if (endSeconds - startSeconds >= missingSeconds) return endSeconds - missingSeconds;
    missingSeconds -= endSeconds - startSeconds;
  }
  return undefined;
}

import type { WindowSegment } from '../segments/split-into-segments.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { intersect, totalSeconds } from './missed-speech.ts';

/** Even slow speakers say more tokens of text in a second of speech. */
const fewestTokensPerSecond = 1;
/** In a shorter time a single word says little about the pace. */
const shortestJudgedSeconds = 5;

/** Whether a segment spans far more speech than its few words can be: its end is a guess, or the rest was dropped. */
export function hasPoorText(segment: WindowSegment, spoken: readonly SpeechRange[], endOfText: number): boolean {
  const speechSeconds = totalSeconds(intersect(spoken, segment));
  return (
    speechSeconds >= shortestJudgedSeconds &&
    countTextTokens([segment], endOfText) < speechSeconds * fewestTokensPerSecond
  );
}

export function countTextTokens(segments: readonly WindowSegment[], endOfText: number): number {
  return segments.reduce((sum, { tokens }) => sum + tokens.filter((token) => token < endOfText).length, 0);
}

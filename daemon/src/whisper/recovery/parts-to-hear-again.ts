import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { intersect } from './missed-speech.ts';

/** A part that begins with its region and takes more than this share of it sounds to the model as the region did. */
const largestShare = 0.6;
const sameStartSeconds = 1;

/**
 * How missed speech is heard again: as it is, or where that would only repeat what the model has been given without a
 * text to lead it, in two halves cut at a pause.
 */
export function partsToHearAgain(request: {
  readonly missed: SpeechRange;
  /** What was heard at a time. */
  readonly region: SpeechRange;
  readonly wasLed: boolean;
  readonly spoken: readonly SpeechRange[];
}): SpeechRange[] {
  const { missed, region, wasLed, spoken } = request;
  const length = (range: SpeechRange) => range.endSeconds - range.startSeconds;
  const soundsTheSame =
    missed.startSeconds - region.startSeconds < sameStartSeconds && length(missed) > largestShare * length(region);
  if (wasLed || !soundsTheSame) return [missed];
  const pieces = intersect(spoken, missed);
  const middle = (missed.startSeconds + missed.endSeconds) / 2;
  const pauses = pieces.slice(1).map((next, i) => ((pieces[i] as SpeechRange).endSeconds + next.startSeconds) / 2);
  const [cut] = pauses.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  if (cut === undefined) return [];
  return [
    { startSeconds: missed.startSeconds, endSeconds: cut },
    { startSeconds: cut, endSeconds: missed.endSeconds },
  ];
}

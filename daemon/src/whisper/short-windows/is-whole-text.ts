import { hasPoorText } from '../recovery/has-poor-text.ts';
import { missedSpeech } from '../recovery/missed-speech.ts';
import { framesPerSecond, type Window } from '../segments/window.ts';
import type { TranscribedWindow } from '../transcribe-window.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';

/**
 * Whether a text from a short window can be trusted to be what the full one says: it is likely, does not repeat itself,
 * and leaves out no speech that voice activity hears, at the end least of all.
 */
export function isWholeText(
  found: TranscribedWindow,
  heard: { readonly window: Window; readonly spoken: readonly SpeechRange[]; readonly endOfText: number },
): boolean {
  const { window, spoken, endOfText } = heard;
  if (!found.passesThresholds) return false;
  const region = {
    startSeconds: window.seekFrames / framesPerSecond,
    endSeconds: (window.seekFrames + window.contentFrames) / framesPerSecond,
  };
  const covered = found.segments.filter(({ text }) => text.trim() !== '');
  if (missedSpeech({ spoken, covered, region }).length > 0) return false;
  return !covered.some((segment) => hasPoorText(segment, spoken, endOfText));
}

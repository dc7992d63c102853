import { secondsPerTimestamp } from '../segments/window.ts';
import type { Segment } from '../transcript.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';

/** A segment that was heard before its part was over; times from the beginning of the sound. */
export interface HeardSegment {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly textTokens: readonly number[];
}

/** What the sound of a session was heard as last: a draft for whoever hears it again. */
export interface HeardDraft {
  /** Takes what a part was heard as now. */
  take(part: SpeechRange, segments: readonly HeardSegment[]): void;
  /** Tokens for a part that begins there. */
  from(startSeconds: number): readonly number[];
  /** Gives up what was said before a time. */
  forget(beforeSeconds: number): void;
}

export function createHeardDraft({ timestampBegin }: { readonly timestampBegin: number }): HeardDraft {
  let heard: readonly HeardSegment[] = [];
  return {
    take({ startSeconds, endSeconds }, segments) {
      const before = heard.filter((segment) => middleOf(segment) < startSeconds);
      const after = heard.filter((segment) => middleOf(segment) >= endSeconds);
      heard = [...before, ...segments, ...after];
    },
    from(startSeconds) {
      const timestamp = (seconds: number) =>
        timestampBegin + Math.max(0, Math.round((seconds - startSeconds) / secondsPerTimestamp));
      return heard
        .filter((segment) => middleOf(segment) >= startSeconds)
        .flatMap((segment) => [timestamp(segment.startSeconds), ...segment.textTokens, timestamp(segment.endSeconds)]);
    },
    forget(beforeSeconds) {
      heard = heard.filter((segment) => middleOf(segment) >= beforeSeconds);
    },
  };
}

/** A segment of a part that begins at `startSeconds`. */
export function toHeardSegment(
  segment: Pick<Segment, 'startSeconds' | 'endSeconds' | 'tokens'>,
  { startSeconds, endOfText }: { readonly startSeconds: number; readonly endOfText: number },
): HeardSegment {
  return {
    startSeconds: startSeconds + segment.startSeconds,
    endSeconds: startSeconds + segment.endSeconds,
    textTokens: segment.tokens.filter((token) => token < endOfText),
  };
}

/** The times that a model writes are inexact: a segment is where its middle is. */
function middleOf({ startSeconds, endSeconds }: HeardSegment): number {
  return (startSeconds + endSeconds) / 2;
}

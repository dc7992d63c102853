import { lettersAfterNumber } from '../recovery/repeats-neighbour.ts';
import type { WindowSegment } from './split-into-segments.ts';
import { framesPerSecond, secondsPerTimestamp, type Window } from './window.ts';

/** Who says something twice takes about as long for it the second time. */
const shortestShare = 0.5;
/** Times are guessed too late by less. */
const latestSeconds = 0.5;

/**
 * Leaves out a segment that says again what the one before it says, or how it ends, in less than half of the time or
 * until after the window's end. A model that has closed its text too early, and has to go on because somebody still
 * speaks, starts the text over.
 */
export function dropHurriedRepeats(
  segments: readonly WindowSegment[],
  window: Window,
  timestampBegin: number,
): WindowSegment[] {
  const contentSeconds = window.contentFrames / framesPerSecond;
  return segments.filter((segment, i) => {
    const [before, again] = [lettersAfterNumber(segments[i - 1]?.text ?? ''), lettersAfterNumber(segment.text)];
    if (again === '' || !before.endsWith(again)) return true;
    const isHurried =
      before === again && secondsOf(segment) < shortestShare * secondsOf(segments[i - 1] as WindowSegment);
    const endSeconds = ((segment.tokens.at(-1) ?? 0) - timestampBegin) * secondsPerTimestamp;
    return !isHurried && endSeconds <= contentSeconds + latestSeconds;
  });
}

function secondsOf({ startSeconds, endSeconds }: WindowSegment): number {
  return endSeconds - startSeconds;
}

import { secondsPerWindow } from '../segments/window.ts';
import type { SpeechRange } from './speech-ranges.ts';

/** A window that is cut is at least so full where there is a pause to cut at. */
const fullWindowSeconds = 20;

/**
 * Cuts clips that are longer than a window in the middle of pauses, so that each part can be decoded by itself and no
 * word lies across a border: at the longest pause of a well filled window, else at the last one that fits. Speech without
 * a pause stays whole, however long. Nothing between the parts is left out.
 */
export function cutAtPauses(clips: readonly SpeechRange[], pauses: readonly SpeechRange[]): SpeechRange[] {
  return clips.flatMap((clip) => {
    const parts: SpeechRange[] = [];
    let { startSeconds } = clip;
    while (clip.endSeconds - startSeconds > secondsPerWindow) {
      const cutSeconds = nextCut(
        pauses.filter((pause) => middleOf(pause) > startSeconds && middleOf(pause) < clip.endSeconds),
        startSeconds,
      );
      if (cutSeconds === undefined) break;
      parts.push({ startSeconds, endSeconds: cutSeconds });
      startSeconds = cutSeconds;
    }
    return [...parts, { startSeconds, endSeconds: clip.endSeconds }];
  });
}

/** `pauses` are those that lie ahead. */
function nextCut(pauses: readonly SpeechRange[], startSeconds: number): number | undefined {
  const fitting = pauses.filter((pause) => middleOf(pause) <= startSeconds + secondsPerWindow);
  const well = fitting.filter((pause) => middleOf(pause) >= startSeconds + fullWindowSeconds);
  const longest = well.reduce<SpeechRange | undefined>(
    (best, pause) => (best === undefined || lengthOf(pause) > lengthOf(best) ? pause : best),
    undefined,
  );
  const chosen = longest ?? fitting.at(-1) ?? pauses[0];
  return chosen && middleOf(chosen);
}

function middleOf({ startSeconds, endSeconds }: SpeechRange): number {
  return (startSeconds + endSeconds) / 2;
}

function lengthOf({ startSeconds, endSeconds }: SpeechRange): number {
  return endSeconds - startSeconds;
}

import { secondsPerWindow } from '../segments/window.ts';
import type { SpeechRange } from './speech-ranges.ts';

/**
 * Ranges closer than this may share a window: a silence costs less than another encoder pass, but Whisper invents
 * sentences in a longer one.
 */
export const longestSharedSilenceSeconds = 4;
/** Silences are multiples of 32 ms; sums of them that differ by less are equal. */
const smallestDifference = 1e-6;

/**
 * Packs speech into as few parts of at most a window as can be, cut where the silences are longest. A part ends in the
 * middle of a pause, so that no word lies across a border, or where a range does. Speech without a pause stays whole,
 * however long. Nothing of the ranges is left out.
 */
export function packIntoWindows(ranges: readonly SpeechRange[], pauses: readonly SpeechRange[]): SpeechRange[] {
  const pieces = cutAtEveryPause(ranges, pauses);
  const packings: Packing[] = [];
  for (const last of pieces.keys()) packings.push(bestPacking(pieces, packings, last));

  const parts: SpeechRange[] = [];
  for (let last = pieces.length - 1; last >= 0; ) {
    const { first } = packings[last] as Packing;
    const { startSeconds } = pieces[first] as Piece;
    parts.push({ startSeconds, endSeconds: (pieces[last] as Piece).endSeconds });
    last = first - 1;
  }
  return parts.reverse();
}

/** Speech between two pauses. */
interface Piece extends SpeechRange {
  /** Length of the silence before it. */
  readonly silenceSeconds: number;
}

/** How the pieces up to a certain one are packed best. */
interface Packing {
  readonly partCount: number;
  /** Of words that lie across borders: the shorter the silences there, the larger. */
  readonly risk: number;
  /** The first piece of the last part. */
  readonly first: number;
}

/** Of equal packings the one that fills earlier parts more. `packings` are those of the pieces before. */
function bestPacking(pieces: readonly Piece[], packings: readonly Packing[], last: number): Packing {
  const { endSeconds } = pieces[last] as Piece;
  let best: Packing | undefined;
  for (let first = last; first >= 0; first--) {
    const { startSeconds, silenceSeconds } = pieces[first] as Piece;
    if (first < last && endSeconds - startSeconds > secondsPerWindow) break;
    const before = packings[first - 1];
    const risk = before === undefined ? 0 : before.risk + 1 / silenceSeconds;
    const packing = { partCount: (before?.partCount ?? 0) + 1, risk, first };
    if (best === undefined || isBetter(packing, best)) best = packing;
    const leftOutSeconds = startSeconds - (pieces[first - 1]?.endSeconds ?? 0);
    if (leftOutSeconds > longestSharedSilenceSeconds) break;
  }
  return best as Packing;
}

function isBetter(packing: Packing, other: Packing): boolean {
  if (packing.partCount !== other.partCount) return packing.partCount < other.partCount;
  return packing.risk < other.risk - smallestDifference;
}

function cutAtEveryPause(ranges: readonly SpeechRange[], pauses: readonly SpeechRange[]): Piece[] {
  const pieces: Piece[] = [];
  let next = 0;
  for (const range of ranges) {
    let { startSeconds } = range;
    let silenceSeconds = startSeconds - (pieces.at(-1)?.endSeconds ?? 0);
    for (; next < pauses.length; next++) {
      const pause = pauses[next] as SpeechRange;
      const middleSeconds = (pause.startSeconds + pause.endSeconds) / 2;
      if (middleSeconds >= range.endSeconds) break;
      if (middleSeconds <= startSeconds) continue;
      pieces.push({ startSeconds, endSeconds: middleSeconds, silenceSeconds });
      startSeconds = middleSeconds;
      silenceSeconds = pause.endSeconds - pause.startSeconds;
    }
    pieces.push({ startSeconds, endSeconds: range.endSeconds, silenceSeconds });
  }
  return pieces;
}

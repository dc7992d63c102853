import { secondsPerWindow } from '../segments/window.ts';
import type { SpeechRange } from './speech-ranges.ts';

/**
 * Ranges closer than this may share a window: a silence costs less than another encoder pass, but Whisper invents
 * sentences in a longer one.
 */
export const longestSharedSilenceSeconds = 4;
/** Silences are multiples of 32 ms; sums of them that differ by less are equal. */
const smallestDifference = 1e-6;
/** If the end of a part is still open after so much sound, it is decided by what is known. */
const longestUndecidedSeconds = 240;

/** Speech that is heard while it is packed. */
export interface SpeechToPack {
  /** Those that end: each once, in order. */
  readonly ranges: readonly SpeechRange[];
  /** The one that may go on, as far as it is sure to. */
  readonly open: SpeechRange | null;
  /** Silences in it: each once, in order. */
  readonly pauses: readonly SpeechRange[];
  /** No other range begins before. */
  readonly nextFromSeconds: number;
}

export interface WindowPacker {
  /** Gives the parts that are certain. */
  add(speech: SpeechToPack): SpeechRange[];
  end(): SpeechRange[];
}

/**
 * Packs speech into as few parts of at most a window as can be, cut where the silences are longest. A part ends in the
 * middle of a pause, so that no word lies across a border, or where a range does. Speech without a pause stays whole,
 * however long. Nothing of the ranges is left out. A part is given as soon as nothing that may follow changes it.
 */
export function createWindowPacker(): WindowPacker {
  const cutter = createCutter();
  let pieces: Piece[] = [];
  let packings: Packing[] = [];

  function take(piece: Piece): SpeechRange[] {
    pieces.push(piece);
    packings.push(bestPacking(pieces, packings, pieces.length - 1));
    const parts: SpeechRange[] = [];
    for (let cut = certainCut(pieces, packings); cut !== undefined; cut = certainCut(pieces, packings)) {
      parts.push(partOf(pieces.slice(0, cut)));
      pieces = pieces.slice(cut);
      packings = packAll(pieces);
    }
    return parts;
  }

  function takeRest(): SpeechRange[] {
    const parts: SpeechRange[] = [];
    for (let end = pieces.length; end > 0; end = (packings[end - 1] as Packing).first) {
      parts.push(partOf(pieces.slice((packings[end - 1] as Packing).first, end)));
    }
    pieces = [];
    packings = [];
    return parts.reverse();
  }

  return {
    add(speech) {
      const parts = cutter(speech).flatMap(take);
      const endSeconds = pieces.at(-1)?.endSeconds ?? Number.POSITIVE_INFINITY;
      const isFollowed = speech.nextFromSeconds - endSeconds <= longestSharedSilenceSeconds;
      return isFollowed ? parts : [...parts, ...takeRest()];
    },
    end: takeRest,
  };
}

/** The same for ranges that are all known. */
export function packIntoWindows(ranges: readonly SpeechRange[], pauses: readonly SpeechRange[]): SpeechRange[] {
  const packer = createWindowPacker();
  return [...packer.add({ ranges, open: null, pauses, nextFromSeconds: 0 }), ...packer.end()];
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
  /** The first piece of the second part. */
  readonly cut: number | undefined;
}

function partOf(pieces: readonly Piece[]): SpeechRange {
  return { startSeconds: (pieces[0] as Piece).startSeconds, endSeconds: (pieces.at(-1) as Piece).endSeconds };
}

function packAll(pieces: readonly Piece[]): Packing[] {
  const packings: Packing[] = [];
  for (const last of pieces.keys()) packings.push(bestPacking(pieces, packings, last));
  return packings;
}

/** Of equal packings the one that fills earlier parts more. `packings` are those of the pieces before. */
function bestPacking(pieces: readonly Piece[], packings: readonly Packing[], last: number): Packing {
  const earliest = firstStartOfPart(pieces, last);
  let best = { partCount: Number.POSITIVE_INFINITY, risk: 0, first: last };
  for (let first = last; first >= earliest; first--) {
    const before = packings[first - 1];
    const partCount = before === undefined ? 1 : before.partCount + 1;
    const risk = before === undefined ? 0 : before.risk + 1 / (pieces[first] as Piece).silenceSeconds;
    const isBetter =
      partCount < best.partCount || (partCount === best.partCount && risk < best.risk - smallestDifference);
    if (isBetter) best = { partCount, risk, first };
  }
  const before = packings[best.first - 1];
  return { ...best, cut: before === undefined ? undefined : (before.cut ?? best.first) };
}

/** Where the second part begins, whatever comes: all packings that what follows may build on have it there. */
function certainCut(pieces: readonly Piece[], packings: readonly Packing[]): number | undefined {
  const last = pieces.length - 1;
  const cut = packings[last]?.cut;
  if (cut === undefined) return undefined;
  if ((pieces[last] as Piece).endSeconds - (pieces[0] as Piece).startSeconds > longestUndecidedSeconds) return cut;
  const earliest = firstStartOfPart(pieces, last);
  for (let first = last; first >= earliest; first--) {
    const before = packings[first - 1];
    if (before === undefined || (before.cut ?? first) !== cut) return undefined;
  }
  return cut;
}

/** The earliest piece that a part may begin with which reaches a certain one. */
function firstStartOfPart(pieces: readonly Piece[], last: number): number {
  const { endSeconds } = pieces[last] as Piece;
  let first = last;
  while (first > 0) {
    const [before, piece] = [pieces[first - 1] as Piece, pieces[first] as Piece];
    if (piece.startSeconds - before.endSeconds > longestSharedSilenceSeconds) break;
    if (endSeconds - before.startSeconds > secondsPerWindow) break;
    first -= 1;
  }
  return first;
}

/** Cuts speech at every pause. */
function createCutter(): (speech: SpeechToPack) => Piece[] {
  let pauses: readonly SpeechRange[] = [];
  let next = 0;
  /** The piece that goes on. */
  let begun: Omit<Piece, 'endSeconds'> | null = null;
  let lastEndSeconds = 0;

  function* cut(range: SpeechRange, isEnded: boolean): Generator<Piece> {
    begun ??= { startSeconds: range.startSeconds, silenceSeconds: range.startSeconds - lastEndSeconds };
    for (let pause = pauses[next]; pause !== undefined; pause = pauses[next]) {
      const middleSeconds = (pause.startSeconds + pause.endSeconds) / 2;
      const isInRange: boolean = isEnded ? middleSeconds < range.endSeconds : pause.endSeconds <= range.endSeconds;
      if (!isInRange) break;
      next += 1;
      if (middleSeconds <= begun.startSeconds) continue;
      yield { ...begun, endSeconds: middleSeconds };
      begun = { startSeconds: middleSeconds, silenceSeconds: pause.endSeconds - pause.startSeconds };
    }
    if (!isEnded) return;
    yield { ...begun, endSeconds: range.endSeconds };
    begun = null;
    lastEndSeconds = range.endSeconds;
  }

  return ({ ranges, open, pauses: more }) => {
    pauses = [...pauses.slice(next), ...more];
    next = 0;
    const pieces = ranges.flatMap((range) => [...cut(range, true)]);
    return open === null ? pieces : [...pieces, ...cut(open, false)];
  };
}

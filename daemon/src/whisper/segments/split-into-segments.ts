import type { DecodingResult } from '../decoding/decoding-result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Segment } from '../transcript.ts';
import { framesPerSecond, framesPerTimestamp, secondsPerTimestamp, type Window } from './window.ts';

/** A segment that has no place in the transcript yet. */
export type WindowSegment = Omit<Segment, 'id'>;

export interface SplitWindow {
  readonly segments: readonly WindowSegment[];
  /** Where the next window starts, in frames. */
  readonly nextSeekFrames: number;
  /** The text ends with one timestamp: nothing is said after it. */
  readonly singleTimestampEnding: boolean;
}

/**
 * Cuts a window's tokens where two timestamps meet and finds where the next window starts (openai/whisper
 * transcribe.py): at the end of this one, or at the last timestamp when the text after it is unfinished.
 */
export function splitIntoSegments(result: DecodingResult, window: Window, tokenizer: Tokenizer): SplitWindow {
  const { tokens } = result;
  const { timestampBegin } = tokenizer.special;
  const isTimestamp = (token: number | undefined) => token !== undefined && token >= timestampBegin;
  const singleTimestampEnding = tokens.length >= 2 && isTimestamp(tokens.at(-1)) && !isTimestamp(tokens.at(-2));
  const positionOf = (token: number | undefined) => (token as number) - timestampBegin;
  const startSeconds = window.seekFrames / framesPerSecond;
  const segment = (part: readonly number[], from: number, to: number): WindowSegment => ({
    seek: window.seekFrames,
    startSeconds: from,
    endSeconds: to,
    text: tokenizer.decode(part.filter((token) => token < tokenizer.special.endOfText)),
    tokens: part,
    temperature: result.temperature,
    avgLogprob: result.avgLogprob,
    compressionRatio: result.compressionRatio,
    noSpeechProb: result.noSpeechProb,
  });

  const cuts = tokens.flatMap((token, i) => (i > 0 && isTimestamp(token) && isTimestamp(tokens[i - 1]) ? [i] : []));
  const endOfWindow = window.seekFrames + window.contentFrames;
  const endSeconds = endOfWindow / framesPerSecond;
  // A window that ends in a pause is followed by others, which a time that is guessed too late must not reach into.
  const latestSeconds = window.endsInPause ? endSeconds : Number.POSITIVE_INFINITY;
  const secondsAt = (position: number) => Math.min(startSeconds + position * secondsPerTimestamp, latestSeconds);
  if (cuts.length === 0) {
    const last = tokens.findLast(isTimestamp);
    const useLast = last !== undefined && last !== timestampBegin;
    return {
      segments: [segment(tokens, startSeconds, useLast ? secondsAt(positionOf(last)) : endSeconds)],
      nextSeekFrames: endOfWindow,
      singleTimestampEnding,
    };
  }

  const tail = tokens.slice(cuts.at(-1)).some((token) => token < tokenizer.special.endOfText);
  // Of a text that got as long as it may, the next window hears the rest, whatever ends there.
  const isWhole = result.cutShort !== true || result.loopCollapsed === true;
  const keepsTail = window.endsInPause === true && isWhole && tail && !singleTimestampEnding;
  if (singleTimestampEnding || keepsTail) cuts.push(tokens.length);
  const segments = cuts.map((cut, i) => {
    const part = tokens.slice(cuts[i - 1] ?? 0, cut);
    const isTail = keepsTail && i === cuts.length - 1;
    return segment(part, secondsAt(positionOf(part[0])), isTail ? endSeconds : secondsAt(positionOf(part.at(-1))));
  });
  const lastPosition = positionOf(tokens[(cuts.at(-1) as number) - 1]);
  const reachesEnd = window.speechUntilFrames !== undefined && isWhole;
  // Without timestamp rules a text can close where the window starts; the reference then hears that window for ever.
  const isFinished = singleTimestampEnding || keepsTail || reachesEnd || lastPosition === 0;
  const nextSeekFrames = isFinished ? endOfWindow : window.seekFrames + lastPosition * framesPerTimestamp;
  return { segments, nextSeekFrames, singleTimestampEnding };
}

/** A segment without length or text keeps its place and loses its tokens, so that no prompt carries them on. */
export function clearEmptySegments(segments: readonly WindowSegment[]): WindowSegment[] {
  return segments.map((segment) => {
    const empty = segment.startSeconds === segment.endSeconds || segment.text.trim() === '';
    if (!empty) return segment;
    return { ...segment, text: '', tokens: [], ...(segment.words && { words: [] }) };
  });
}

import type { NativeEncoding, NativeModel } from '@hearth/native';
import { wantsWordTimes } from '../options/wants-word-times.ts';
import { decodeWithFallback } from './decoding/decode-with-fallback.ts';
import { clearEmptySegments } from './segments/clear-empty-segments.ts';
import { hasNoSpeech } from './segments/has-no-speech.ts';
import { skipHallucinations } from './segments/skip-hallucinations.ts';
import { splitIntoSegments, type WindowSegment } from './segments/split-into-segments.ts';
import { framesPerSecond, framesPerTimestamp, framesPerWindow, type Window } from './segments/window.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import type { TranscribeRequest } from './transcribe.ts';
import { addWordTimes, lastSpeechEnd } from './words/add-word-times.ts';

/** Above this temperature a text is too uncertain to lead the next window. */
const highestTrustedTemperature = 0.5;

export interface TranscribeWindowRequest extends TranscribeRequest {
  readonly model: NativeModel;
  readonly window: Window;
  readonly encoding: NativeEncoding;
  readonly tokenizer: Tokenizer;
  /** Frames of the whole recording. */
  readonly totalFrames: number;
  readonly previousTokens: readonly number[];
  readonly lastSpeechSeconds: number;
}

export interface TranscribedWindow {
  readonly segments: readonly WindowSegment[];
  readonly nextSeekFrames: number;
  readonly lastSpeechSeconds: number;
  /** Whether the text may lead the next window. */
  readonly isTrusted: boolean;
  /** The window was silence, or is decoded again from a later start: its text counts for nothing. */
  readonly skipped: boolean;
}

/** One turn of openai/whisper transcribe.py's loop: decode, split, time the words, drop what nobody said. */
export async function transcribeWindow(request: TranscribeWindowRequest): Promise<TranscribedWindow> {
  const { options, window, tokenizer, lastSpeechSeconds } = request;
  const result = await decode(request);
  const isTrusted = result.temperature <= highestTrustedTemperature && !result.loopCollapsed;
  const endOfWindow = window.seekFrames + window.contentFrames;
  if (hasNoSpeech(result, options)) {
    return { segments: [], nextSeekFrames: endOfWindow, lastSpeechSeconds, isTrusted, skipped: true };
  }
  const split = splitIntoSegments(result, window, tokenizer);
  if (!wantsWordTimes(options)) {
    const { nextSeekFrames } = split;
    return {
      segments: clearEmptySegments(split.segments),
      nextSeekFrames,
      lastSpeechSeconds,
      isTrusted,
      skipped: false,
    };
  }

  const timed = await addWordTimes({ ...request, segments: split.segments });
  let nextSeekFrames = seekAfterWords(request, timed, split);
  let segments: readonly WindowSegment[] = timed;
  if (options.hallucinationSilenceThreshold !== undefined) {
    const kept = skipHallucinations({
      segments,
      window,
      nextSeekFrames,
      totalFrames: request.totalFrames,
      thresholdSeconds: options.hallucinationSilenceThreshold,
      lastSpeechSeconds,
    });
    if (kept.restart) return { ...kept, lastSpeechSeconds, isTrusted, skipped: true };
    ({ segments, nextSeekFrames } = kept);
  }
  return {
    segments: clearEmptySegments(segments),
    nextSeekFrames,
    lastSpeechSeconds: lastSpeechEnd(segments) ?? lastSpeechSeconds,
    isTrusted,
    skipped: false,
  };
}

function decode(request: TranscribeWindowRequest) {
  const { options, window, onPartial } = request;
  const startSeconds = window.seekFrames / framesPerSecond;
  return decodeWithFallback({
    ...request,
    window: 0,
    ...(window.speechUntilFrames !== undefined && { speechUntil: timestampAt(window.speechUntilFrames, request) }),
    seed: ((options.seed ?? 0) + window.seekFrames * 1_000_003) % Number.MAX_SAFE_INTEGER,
    ...(options.prefix !== undefined && { prefix: options.prefix }),
    ...(onPartial && { onText: (text) => onPartial({ text, startSeconds }) }),
  });
}

function timestampAt(frames: number, { window, tokenizer }: TranscribeWindowRequest): number {
  return tokenizer.special.timestampBegin + Math.floor((frames - window.seekFrames) / framesPerTimestamp);
}

/** Words end where the sound does: an unfinished window is decoded again from its last word. */
function seekAfterWords(
  { window, options }: TranscribeWindowRequest,
  segments: readonly WindowSegment[],
  split: { readonly nextSeekFrames: number; readonly singleTimestampEnding: boolean },
): number {
  const endSeconds = lastSpeechEnd(segments);
  const startSeconds = window.seekFrames / framesPerSecond;
  const isFinished = split.singleTimestampEnding || window.speechUntilFrames !== undefined;
  if (isFinished || endSeconds === undefined || endSeconds <= startSeconds) {
    return split.nextSeekFrames;
  }
  const threshold = options.hallucinationSilenceThreshold;
  const remainingSeconds = (window.seekFrames + framesPerWindow) / framesPerSecond - endSeconds;
  if (threshold !== undefined && remainingSeconds <= threshold) return window.seekFrames + window.contentFrames;
  return Math.round(endSeconds * framesPerSecond);
}

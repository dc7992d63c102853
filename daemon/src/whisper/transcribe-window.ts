import type { NativeEncoding } from '@hearth/native';
import type { Dictionary } from '../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { decodeWithFallback, passesThresholds } from './decoding/decode-with-fallback.ts';
import { decodeWithWords } from './decoding/decode-with-words.ts';
import { type DecodingResult, hasNoSpeech } from './decoding/decoding-result.ts';
import { isEcho, isLikeWithoutPrompt } from './decoding/prompt-echo.ts';
import { isReferenceRun } from './is-reference-run.ts';
import { intersect, shortestMissedSeconds, totalSeconds } from './recovery/missed-speech.ts';
import { narrowToWords } from './recovery/narrow-to-words.ts';
import { dropHurriedRepeats } from './segments/drop-hurried-repeats.ts';
import { skipHallucinations } from './segments/skip-hallucinations.ts';
import {
  clearEmptySegments,
  type SplitWindow,
  splitIntoSegments,
  type WindowSegment,
} from './segments/split-into-segments.ts';
import { framesPerSecond, framesPerTimestamp, framesPerWindow, type Window } from './segments/window.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';
import type { PartialText } from './transcription.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';
import type { WhisperModel } from './whisper-model.ts';
import { addWordTimes, lastSpeechEnd } from './words/add-word-times.ts';

/** Above this temperature a text is too uncertain to lead the next window. */
const highestTrustedTemperature = 0.5;

export interface TranscribeWindowRequest {
  readonly model: WhisperModel;
  readonly tokenizer: Tokenizer;
  readonly options: ResolvedOptions;
  readonly window: Window;
  readonly encoding: NativeEncoding;
  readonly previousTokens: readonly number[];
  /** Those of them that the client gave. */
  readonly clientTokens: readonly number[];
  /** What this sound was heard as before: it is not trusted, but where it is right it need not be decoded again. */
  readonly draft?: readonly number[] | undefined;
  readonly lastSpeechSeconds: number;
  /** As in `Transcription`. */
  readonly totalFrames: number;
  /** What voice activity heard in the recording, cut at every pause; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
  readonly onPartial: ((partial: PartialText) => void) | undefined;
  /** Names and terms to recognise. */
  readonly dictionary: Dictionary | undefined;
}

export interface TranscribedWindow {
  /** As they were decoded, with timestamps: a draft for the same sound and more. */
  readonly tokens: readonly number[];
  readonly segments: readonly WindowSegment[];
  readonly nextSeekFrames: number;
  readonly lastSpeechSeconds: number;
  /** Whether the text may lead the next window. */
  readonly isTrusted: boolean;
  /** Whether the text is as likely as asked for and does not repeat itself. */
  readonly passesThresholds: boolean;
  /** The window was silence, or is decoded again from a later start: its text counts for nothing. */
  readonly skipped: boolean;
}

/** One turn of openai/whisper transcribe.py's loop: decode, split, time the words, drop what nobody said. */
export async function transcribeWindow(request: TranscribeWindowRequest): Promise<TranscribedWindow> {
  const { model, tokenizer, options, window, encoding, previousTokens, lastSpeechSeconds, totalFrames, spoken } =
    request;
  const result = await decodeWithWords(await decode(request), {
    dictionary: request.dictionary,
    options,
    tokenizer,
    decodeAgain(tokens, draft) {
      const room = Math.floor(model.dimensions.textContext / 2) - 1 - tokens.length;
      return decodeOnceAfter([...tokens, ...(room > 0 ? previousTokens.slice(-room) : [])], request, draft);
    },
  });
  const decoded = {
    tokens: result.tokens,
    isTrusted: result.temperature <= highestTrustedTemperature && !result.loopCollapsed,
    passesThresholds: passesThresholds(result, options),
  };
  const endOfWindow = window.seekFrames + window.contentFrames;
  if (hasNoSpeech(result, options)) {
    return { segments: [], nextSeekFrames: endOfWindow, lastSpeechSeconds, ...decoded, skipped: true };
  }
  const split = goOnWhereSpeechIs(splitWindow(result, request), request);
  const { segments: untimed } = split;
  const toTime = { model, tokenizer, options, encoding, window, segments: untimed, lastSpeechSeconds };
  if (!options.wordTimestamps) {
    const { nextSeekFrames } = split;
    return {
      segments: clearEmptySegments(spoken === null ? untimed : await narrowToWords(toTime, spoken)),
      nextSeekFrames,
      lastSpeechSeconds,
      ...decoded,
      skipped: false,
    };
  }

  const timed = await addWordTimes(toTime);
  let nextSeekFrames = seekAfterWords(request, timed, split);
  let segments: readonly WindowSegment[] = timed;
  if (options.hallucinationSilenceThreshold !== null) {
    const thresholdSeconds = options.hallucinationSilenceThreshold;
    const kept = skipHallucinations({
      segments,
      window,
      nextSeekFrames,
      totalFrames,
      thresholdSeconds,
      lastSpeechSeconds,
    });
    if (kept.restart) return { ...kept, lastSpeechSeconds, ...decoded, skipped: true };
    ({ segments, nextSeekFrames } = kept);
  }
  return {
    segments: clearEmptySegments(segments),
    nextSeekFrames,
    lastSpeechSeconds: lastSpeechEnd(segments) ?? lastSpeechSeconds,
    ...decoded,
    skipped: false,
  };
}

/**
 * A text that is nothing but words of the prompt is compared with what the window says without it: a model that hears
 * no word hands its prompt back.
 */
async function decode(request: TranscribeWindowRequest): Promise<DecodingResult> {
  const { previousTokens, clientTokens, options, tokenizer } = request;
  const result = await decodeAfter(previousTokens, request);
  if (isReferenceRun(options) || !isEcho(result.text, tokenizer.decode(clientTokens))) return result;
  const unled = await decodeAfter([], request);
  return isLikeWithoutPrompt(result.text, unled.text, speechSecondsOf(request)) ? result : unled;
}

function decodeAfter(
  previousTokens: readonly number[],
  { model, tokenizer, options, window, encoding, draft, onPartial }: TranscribeWindowRequest,
): Promise<DecodingResult> {
  const { seekFrames, speechUntilFrames } = window;
  return decodeWithFallback({
    model,
    tokenizer,
    options,
    encoding,
    previousTokens,
    speechUntil: speechUntilFrames === undefined ? undefined : timestampAt(speechUntilFrames, window, tokenizer),
    draft,
    seed: (options.seed + seekFrames * 1_000_003) % Number.MAX_SAFE_INTEGER,
    onText: onPartial && ((text) => onPartial({ text, startSeconds: seekFrames / framesPerSecond })),
  });
}

/** At the first temperature only. What it is likely to say is known, and nobody sees it before it is chosen. */
function decodeOnceAfter(
  previousTokens: readonly number[],
  request: TranscribeWindowRequest,
  draft: readonly number[],
): Promise<DecodingResult> {
  const { temperature } = request.options;
  const options = { ...request.options, temperature: temperature.slice(0, 1), loopGuard: false };
  return decodeAfter(previousTokens, { ...request, options, draft, onPartial: undefined });
}

function timestampAt(frames: number, window: Window, tokenizer: Tokenizer): number {
  return tokenizer.special.timestampBegin + Math.floor((frames - window.seekFrames) / framesPerTimestamp);
}

function splitWindow(result: DecodingResult, { window, tokenizer }: TranscribeWindowRequest): SplitWindow {
  const split = splitIntoSegments(result, window, tokenizer);
  if (window.speechUntilFrames === undefined) return split;
  return { ...split, segments: dropHurriedRepeats(split.segments, window, tokenizer.special.timestampBegin) };
}

function speechSecondsOf({ window, spoken }: TranscribeWindowRequest): number {
  if (spoken === null) return window.contentFrames / framesPerSecond;
  return totalSeconds(intersect(spoken, rangeOf(window)));
}

function rangeOf({ seekFrames, contentFrames }: Window): SpeechRange {
  return { startSeconds: seekFrames / framesPerSecond, endSeconds: (seekFrames + contentFrames) / framesPerSecond };
}

/**
 * A text that ends with one timestamp ends its window for openai/whisper. Where voice activity hears speech behind it,
 * the next window starts there instead.
 */
function goOnWhereSpeechIs(split: SplitWindow, { window, spoken }: TranscribeWindowRequest): SplitWindow {
  const lastEndSeconds = split.segments.at(-1)?.endSeconds;
  const range = rangeOf(window);
  const isClosed = split.singleTimestampEnding && window.speechUntilFrames === undefined;
  if (spoken === null || !isClosed || lastEndSeconds === undefined) return split;
  const aheadSeconds = totalSeconds(intersect(spoken, { ...range, startSeconds: lastEndSeconds }));
  const movesOn = lastEndSeconds - range.startSeconds >= shortestMissedSeconds;
  if (!movesOn || aheadSeconds < shortestMissedSeconds) return split;
  return { ...split, nextSeekFrames: Math.round(lastEndSeconds * framesPerSecond), singleTimestampEnding: false };
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
  if (threshold !== null && remainingSeconds <= threshold) return window.seekFrames + window.contentFrames;
  return Math.round(endSeconds * framesPerSecond);
}

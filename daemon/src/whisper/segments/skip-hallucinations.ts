import type { Word } from '../words/word-timing.ts';
import type { WindowSegment } from './split-into-segments.ts';
import { framesPerSecond, framesPerWindow, type Window } from './window.ts';

const punctuation = '"\'“¿([{-"\'.。,，!！?？:：”)]}、';
const wordsJudged = 8;

export interface SkipHallucinationsRequest {
  readonly segments: readonly WindowSegment[];
  readonly window: Window;
  /** Where the next window would start. */
  readonly nextSeekFrames: number;
  /** Frames of the whole recording. */
  readonly totalFrames: number;
  readonly thresholdSeconds: number;
  readonly lastSpeechSeconds: number;
}

export interface SkippedHallucinations {
  readonly segments: readonly WindowSegment[];
  readonly nextSeekFrames: number;
  /** The window is decoded again from `nextSeekFrames`; nothing of it is kept. */
  readonly restart: boolean;
}

/** Drops segments that look invented and lie between silences (openai/whisper transcribe.py, hallucination silence). */
export function skipHallucinations(request: SkipHallucinationsRequest): SkippedHallucinations {
  const { segments, window, thresholdSeconds } = request;
  const startSeconds = window.seekFrames / framesPerSecond;
  const first = segments.find(hasWords);
  if (first !== undefined && isAnomalous(first)) {
    const gapSeconds = first.startSeconds - startSeconds;
    if (gapSeconds > thresholdSeconds) {
      const nextSeekFrames = window.seekFrames + Math.round(gapSeconds * framesPerSecond);
      return { segments: [], nextSeekFrames, restart: true };
    }
  }
  let lastEndSeconds = request.lastSpeechSeconds;
  for (const [index, segment] of segments.entries()) {
    if (!hasWords(segment)) continue;
    if (isAnomalous(segment) && liesInSilence(request, index, lastEndSeconds)) {
      return { segments: segments.slice(0, index), nextSeekFrames: seekPast(request, segment), restart: false };
    }
    lastEndSeconds = segment.endSeconds;
  }
  return { segments, nextSeekFrames: request.nextSeekFrames, restart: false };
}

function liesInSilence(request: SkipHallucinationsRequest, index: number, lastEndSeconds: number): boolean {
  const { segments, window, thresholdSeconds } = request;
  const segment = segments[index] as WindowSegment;
  const startSeconds = window.seekFrames / framesPerSecond;
  const next = segments.slice(index + 1).find(hasWords);
  const nextStartSeconds = next?.words?.[0]?.startSeconds ?? startSeconds + window.contentFrames / framesPerSecond;
  const windowEndSeconds = (window.seekFrames + framesPerWindow) / framesPerSecond;
  const silenceBefore =
    segment.startSeconds - lastEndSeconds > thresholdSeconds ||
    segment.startSeconds < thresholdSeconds ||
    segment.startSeconds - startSeconds < 2;
  const silenceAfter =
    nextStartSeconds - segment.endSeconds > thresholdSeconds ||
    (next !== undefined && isAnomalous(next)) ||
    windowEndSeconds - segment.endSeconds < 2;
  return silenceBefore && silenceAfter;
}

function seekPast(request: SkipHallucinationsRequest, segment: WindowSegment): number {
  const { totalFrames, window, thresholdSeconds } = request;
  if (totalFrames / framesPerSecond - segment.endSeconds < thresholdSeconds) return totalFrames;
  const startSeconds = window.seekFrames / framesPerSecond;
  return Math.round(Math.max(startSeconds + 1, segment.startSeconds) * framesPerSecond);
}

function hasWords(segment: WindowSegment): boolean {
  return (segment.words?.length ?? 0) > 0;
}

function isAnomalous(segment: WindowSegment): boolean {
  const words = (segment.words ?? []).filter(({ word }) => !punctuation.includes(word)).slice(0, wordsJudged);
  const score = words.reduce((sum, word) => sum + anomalyScore(word), 0);
  return score >= 3 || score + 0.01 >= words.length;
}

/** Very short, very long and improbable words are what inventions are made of. */
function anomalyScore({ probability, startSeconds, endSeconds }: Word): number {
  const seconds = endSeconds - startSeconds;
  const improbable = probability < 0.15 ? 1 : 0;
  const short = seconds < 0.133 ? (0.133 - seconds) * 15 : 0;
  const long = seconds > 2 ? seconds - 2 : 0;
  return improbable + short + long;
}

import type { Word, WordTiming } from './word-timing.ts';

/** A segment whose words are wanted: its own times, in seconds from the recording's start, and its text tokens. */
export interface TimedText {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly textTokens: readonly number[];
}

export interface PlacedWords {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly words: readonly Word[];
}

export interface PlaceWordsRequest {
  readonly segments: readonly TimedText[];
  readonly timings: readonly WordTiming[];
  readonly windowStartSeconds: number;
  readonly lastSpeechSeconds: number;
  readonly medianSeconds: number;
}

type MutableWord = { -readonly [Key in keyof Word]: Word[Key] };

/**
 * Gives each segment its words and lets words and segment correct each other's times, as openai/whisper timing.py
 * `add_word_timestamps` does: no word after a pause longer than twice the median, no segment end far from its last word.
 */
export function placeWords(request: PlaceWordsRequest): PlacedWords[] {
  let { lastSpeechSeconds } = request;
  let next = 0;
  return request.segments.map((segment) => {
    const words: MutableWord[] = [];
    for (let saved = 0; next < request.timings.length && saved < segment.textTokens.length; next++) {
      const timing = request.timings[next] as WordTiming;
      if (timing.word !== '') words.push(fromStart(timing, request.windowStartSeconds));
      saved += timing.tokens.length;
    }
    const placed = correct({ segment, words, lastSpeechSeconds, medianSeconds: request.medianSeconds });
    if (words.length > 0) lastSpeechSeconds = placed.endSeconds;
    return placed;
  });
}

function fromStart(timing: WordTiming, windowStartSeconds: number): MutableWord {
  return {
    word: timing.word,
    startSeconds: roundToHundredths(windowStartSeconds + timing.startSeconds),
    endSeconds: roundToHundredths(windowStartSeconds + timing.endSeconds),
    probability: timing.probability,
  };
}

function roundToHundredths(seconds: number): number {
  return Number(seconds.toFixed(2));
}

function correct(request: {
  readonly segment: TimedText;
  readonly words: MutableWord[];
  readonly lastSpeechSeconds: number;
  readonly medianSeconds: number;
}): PlacedWords {
  const { segment, words, lastSpeechSeconds, medianSeconds } = request;
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) {
    return { startSeconds: segment.startSeconds, endSeconds: segment.endSeconds, words };
  }
  shortenAfterPause(words, lastSpeechSeconds, medianSeconds);

  let { startSeconds, endSeconds } = segment;
  // The segment's own start is preferred when the first word is too long, and the word's otherwise; so for the end.
  if (startSeconds < first.endSeconds && startSeconds - 0.5 > first.startSeconds) {
    first.startSeconds = Math.max(0, Math.min(first.endSeconds - medianSeconds, startSeconds));
  } else {
    startSeconds = first.startSeconds;
  }
  if (endSeconds > last.startSeconds && endSeconds + 0.5 < last.endSeconds) {
    last.endSeconds = Math.max(last.startSeconds + medianSeconds, endSeconds);
  } else {
    endSeconds = last.endSeconds;
  }
  return { startSeconds, endSeconds, words };
}

/** The first two words after a pause together last at most four times the median. */
function shortenAfterPause(words: MutableWord[], lastSpeechSeconds: number, medianSeconds: number): void {
  const first = words[0] as MutableWord;
  const second = words[1];
  const longestSeconds = medianSeconds * 2;
  const afterPause = first.endSeconds - lastSpeechSeconds > medianSeconds * 4;
  const firstTooLong = first.endSeconds - first.startSeconds > longestSeconds;
  const bothTooLong = second !== undefined && second.endSeconds - first.startSeconds > longestSeconds * 2;
  if (!afterPause || !(firstTooLong || bothTooLong)) return;
  if (second !== undefined && second.endSeconds - second.startSeconds > longestSeconds) {
    const boundary = Math.max(second.endSeconds / 2, second.endSeconds - longestSeconds);
    first.endSeconds = boundary;
    second.startSeconds = boundary;
  }
  first.startSeconds = Math.max(0, first.endSeconds - longestSeconds);
}

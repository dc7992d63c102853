import type { LanguageProbabilities } from './detect-language.ts';
import type { Word } from './words/word-timing.ts';

/** One segment of a transcript; the names become OpenAI's on the wire (`avg_logprob`, …), see formats/json.ts. */
export interface Segment {
  readonly id: number;
  /** Start of the segment's window, in frames of 10 ms. */
  readonly seek: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly text: string;
  /** Tokens with timestamp tokens. */
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly avgLogprob: number;
  readonly compressionRatio: number;
  readonly noSpeechProb: number;
  /** Only where the language was detected window by window. */
  readonly language?: string;
  /** Only where word times were asked for. */
  readonly words?: readonly Word[];
}

export interface TranscriptTimings {
  readonly audioDecodeSeconds: number;
  readonly logMelSeconds: number;
  readonly encodeSeconds: number;
  readonly decodeSeconds: number;
  readonly totalSeconds: number;
}

export interface Transcript {
  readonly text: string;
  /** Language code, for example `en`. */
  readonly language: string;
  /** Of the first window, likeliest first; null when the language was given. */
  readonly languageProbabilities: LanguageProbabilities | null;
  readonly durationSeconds: number;
  readonly segments: readonly Segment[];
}

/** What a transcription says while it runs, in order. */
export type TranscribeEvent =
  | { readonly type: 'language-detected'; readonly language: string; readonly probability: number }
  | { readonly type: 'segments-decoded'; readonly segments: readonly Segment[]; readonly processedSeconds: number };

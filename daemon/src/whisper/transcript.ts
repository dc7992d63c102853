import type { LanguageProbabilities } from './detect-language.ts';
import type { TranscriptWarning } from './transcript-warning.ts';
import type { Word } from './words/word-timing.ts';

/** One segment of a transcript. */
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

export interface Transcript {
  readonly text: string;
  /** Language code, for example `en`. */
  readonly language: string;
  /** Of the first window, likeliest first; null when the language was given, or no window was heard. */
  readonly languageProbabilities: LanguageProbabilities | null;
  /** Nothing was heard to detect the language from. */
  readonly isLanguageGuessed?: true;
  readonly durationSeconds: number;
  readonly segments: readonly Segment[];
  readonly warnings: readonly TranscriptWarning[];
}

/** What a transcription says while it runs, in order. */
export type TranscribeEvent =
  | { readonly type: 'language-detected'; readonly language: string; readonly probability: number }
  | { readonly type: 'segments-decoded'; readonly segments: readonly Segment[]; readonly processedSeconds: number };

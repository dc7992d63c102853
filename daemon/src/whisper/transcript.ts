import type { LanguageProbabilities } from './detect-language.ts';
import type { TranscriptWarning } from './transcript-warning.ts';
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

/** Where the time of a request went. What runs for several recordings at a time counts for each of them. */
export interface TranscriptTimings {
  /** Until the model was ready: next to nothing for a warm one. */
  readonly modelWaitSeconds: number;
  readonly audioDecodeSeconds: number;
  readonly voiceActivitySeconds: number;
  readonly logMelSeconds: number;
  readonly encodeSeconds: number;
  readonly languageDetectionSeconds: number;
  /** All temperatures, prompts included. */
  readonly decodeSeconds: number;
  /** The part of it until each call's first token. */
  readonly promptSeconds: number;
  /** The part of it that the engine's thread worked itself: graphs, filters, tokens, handing over. */
  readonly decodeHostSeconds: number;
  /** The part of it that the engine's thread waited for the device. */
  readonly decodeDeviceSeconds: number;
  /** Word times. */
  readonly alignSeconds: number;
  /** The rest: policy, and waiting while other recordings had their turn. */
  readonly otherSeconds: number;
  readonly totalSeconds: number;
  /** Encoder passes. */
  readonly windows: number;
  /** Runs of the decoder in decoding, its prompts included, whatever their rows. */
  readonly decoderSteps: number;
  /** Tokens chosen, those of texts that were given up included. */
  readonly tokens: number;
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

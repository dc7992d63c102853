import type { WarningCode } from '../whisper/transcript-warning.ts';

export interface WireWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

/** A segment with OpenAI's names, as JSON results and events carry it. */
export interface WireSegment {
  readonly id: number;
  readonly seek: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly avg_logprob: number;
  readonly compression_ratio: number;
  readonly no_speech_prob: number;
  /** Only where the language was detected window by window. */
  readonly language?: string;
  /** Only where word times were asked for. */
  readonly words?: readonly WireWord[];
}

/** Where the time went, in seconds, and how often the model ran. */
export interface WireTimings {
  readonly model_wait: number;
  readonly audio_decode: number;
  readonly voice_activity: number;
  readonly log_mel: number;
  readonly encode: number;
  readonly language_detection: number;
  readonly decode: number;
  /** A part of `decode`. */
  readonly decode_prompt: number;
  /** What the engine's thread did itself of `decode`. */
  readonly decode_host: number;
  /** What it waited for the device. */
  readonly decode_device: number;
  readonly align: number;
  readonly other: number;
  readonly total: number;
  readonly windows: number;
  readonly decoder_steps: number;
  readonly tokens: number;
}

/** The JSON result: OpenAI's names, then our own. Times are seconds. */
export interface WireTranscript {
  readonly text: string;
  readonly segments: readonly WireSegment[];
  readonly language: string;
  /** Null when the language was given, 0 when nothing was heard to detect it from. */
  readonly language_probability: number | null;
  /** Of every language, likeliest first; null when the language was given. */
  readonly language_probabilities: Readonly<Record<string, number>> | null;
  readonly task: 'transcribe' | 'translate';
  readonly duration: number;
  readonly model: string;
  readonly timings: WireTimings;
  readonly warnings: readonly string[];
  /** What a program may act on, for example `no-speech`. */
  readonly warning_codes?: readonly WarningCode[];
}

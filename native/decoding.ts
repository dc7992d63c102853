import type { NativeEncoding } from './encoding.ts';

/** Timestamp rules of openai/whisper decoding.py `ApplyTimestampRules`. */
export interface TimestampRules {
  readonly timestampBegin: number;
  readonly noTimestamps: number;
  readonly endOfText: number;
  /** Largest first timestamp, in timestamp tokens after `timestampBegin`; null for no limit. */
  readonly maxInitialTimestampIndex: number | null;
}

/** The three logit filters, in OpenAI's order. */
export interface LogitFilters {
  /** `SuppressBlank`: ids suppressed at the first sampled position only. */
  readonly suppressAtBegin: readonly number[];
  /** `SuppressTokens`: ids suppressed at every position. */
  readonly suppress: readonly number[];
  readonly timestampRules: TimestampRules | null;
}

/** What a text starts from, and the window that it is about. */
export interface Prompt {
  readonly encoding: NativeEncoding;
  /** Initial tokens: previous text, start of transcript, language, task, prefix. */
  readonly prompt: readonly number[];
  /** Position of the start-of-transcript token in `prompt`, where the no-speech probability is read. */
  readonly sotIndex: number;
  /** A timestamp token: someone is known to speak until then, and a text that has begun does not end at an earlier one. */
  readonly speechUntil?: number | undefined;
}

export interface DecodeRow extends Prompt {
  /** 0 decodes greedily; above 0 samples from `softmax(logits / temperature)`. */
  readonly temperature: number;
  /** Seeds this row's sampling; the same seed gives the same tokens. */
  readonly seed: number;
  /** Takes this row alone out of the batch, within one decoder step. */
  readonly signal?: AbortSignal | undefined;
}

/** What greedy decoding and beam search share. */
interface Decoding {
  readonly filters: LogitFilters;
  readonly endOfText: number;
  /** Null for English-only models that carry no such token. */
  readonly noSpeech: number | null;
  /** OpenAI's `sample_len`. */
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodeRequest extends Decoding {
  readonly rows: readonly DecodeRow[];
  readonly onToken?: ((event: { readonly row: number; readonly token: number }) => void) | undefined;
}

/** A decoded text. */
export interface Candidate {
  /** Sampled tokens without the end-of-text token. */
  readonly tokens: readonly number[];
  /** Sum over the sampled tokens, the first end-of-text token included. */
  readonly sumLogprob: number;
}

export interface DecodeResult extends Candidate {
  readonly noSpeechProb: number;
  /** The row's own signal took it out; its tokens are not whole. */
  readonly cancelled?: true;
}

export interface BeamSearchRequest extends Decoding {
  readonly prompts: readonly Prompt[];
  readonly beamSize: number;
  /** OpenAI's patience: a search ends with `round(beamSize * patience)` finished texts. */
  readonly patience: number;
}

export interface BeamSearchResult {
  /** Unranked texts; ranking by length is the caller's (openai/whisper decoding.py `SequenceRanker`). */
  readonly candidates: readonly Candidate[];
  readonly noSpeechProb: number;
}

export interface AlignRequest {
  readonly rows: readonly {
    readonly encoding: NativeEncoding;
    /** Start of transcript, language, task and the no-timestamps token. */
    readonly prompt: readonly number[];
    /** Text tokens, without timestamps and end of text. */
    readonly text: readonly number[];
    /** Audio positions of 20 ms that carry the window's sound: half its mel frames. */
    readonly frames: number;
  }[];
  /** `[layer, head]` pairs that follow the audio. */
  readonly heads: readonly (readonly [number, number])[];
  readonly endOfText: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Alignment {
  /** Positions of 20 ms where the no-timestamps token and then each text token starts: `text.length + 1` values. */
  readonly starts: Int32Array;
  /** Probability of each text token. */
  readonly probabilities: Float32Array;
}

export interface DetectLanguageRequest {
  readonly encodings: readonly NativeEncoding[];
  readonly sot: number;
  readonly languageTokens: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

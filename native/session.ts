import type { NativeComingAudio, NativeGrowingAudio, NativeVoiceActivity } from './audio.ts';
import type { ModelDimensions } from './model-dimensions.ts';

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

/** Encoder output of one window, full or short, and its cross-attention keys and values; every question about the window reuses it. */
export interface NativeEncoding {
  close(): void;
}

export interface EncodeRequest {
  readonly audio: NativeComingAudio;
  readonly startFrame: number;
  /** What follows in the window is zeros, as `pad_or_trim` leaves it. */
  readonly frameCount: number;
  /** How many frames the encoder hears, zeros included: an even number up to 3000. Default: 3000, which is 30 s. */
  readonly windowFrames?: number;
  /**
   * Which sound's loudest log-mel value the window is normalised to: the whole recording's, as openai/whisper does it, or
   * that of the 30 s from the window's start (of a recording that ends before, its last 30 s). These, and half a spectrum
   * more, have to be decoded. Default: the recording's.
   */
  readonly loudest?: 'of-recording' | 'of-window';
}

export interface DetectLanguageRequest {
  readonly encoding: NativeEncoding;
  readonly sot: number;
  readonly languageTokens: readonly number[];
}

/** What a text starts from, and the rules that it follows. */
export interface TextRequest {
  readonly encoding: NativeEncoding;
  /** Initial tokens: previous text, start of transcript, language, task, prefix. */
  readonly prompt: readonly number[];
  /** Position of the start-of-transcript token in `prompt`, where the no-speech probability is read. */
  readonly sotIndex: number;
  /** A timestamp token: someone is known to speak until then, and a text that has begun does not end at an earlier one. */
  readonly speechUntil?: number | undefined;
  readonly filters: LogitFilters;
  readonly endOfText: number;
  /** Null for English-only models that carry no such token. */
  readonly noSpeech: number | null;
  /** OpenAI's `sample_len`. */
  readonly maxTokens: number;
  /**
   * Tokens that somebody guessed to follow the prompt. They are read with it in one run of the decoder, and those that
   * are right are taken; the answer is the one without a draft. Only a greedy text has a use for it: sampled ones and
   * beams take no notice of it.
   */
  readonly draft?: readonly number[] | undefined;
}

export interface DecodeRequest extends TextRequest {
  /** A text for each. Temperature 0 decodes greedily, above it samples from `softmax(logits / temperature)`. */
  readonly samples: readonly {
    readonly temperature: number;
    /** The same seed gives the same tokens. */
    readonly seed: number;
  }[];
  /** Each token of the first sample as it is chosen. */
  readonly onToken?: ((token: number) => void) | undefined;
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
}

export interface BeamSearchRequest extends TextRequest {
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
  readonly encoding: NativeEncoding;
  /** Start of transcript, language, task and the no-timestamps token. */
  readonly prompt: readonly number[];
  /** Text tokens, without timestamps and end of text. */
  readonly text: readonly number[];
  /** Audio positions of 20 ms that carry the window's sound: half its mel frames. No more than the window has. */
  readonly frames: number;
  /** `[layer, head]` pairs that follow the audio. */
  readonly heads: readonly (readonly [number, number])[];
  readonly endOfText: number;
}

export interface Alignment {
  /** Positions of 20 ms where the no-timestamps token and then each text token starts: `text.length + 1` values. */
  readonly starts: Int32Array;
  /** Probability of each text token. */
  readonly probabilities: Float32Array;
}

/** Interactive sessions go first: while one is open, bulk work gets a short turn now and then. */
export type Priority = 'interactive' | 'bulk';

export interface SessionRequest {
  readonly priority: Priority;
  /** Aborted, everything that the session waits for rejects with `CANCELLED` within one decoder step. */
  readonly signal?: AbortSignal | undefined;
  /** Null: nothing listens for speech. */
  readonly voiceActivity: NativeVoiceActivity | null;
}

/** What a session took so far. Work for several sessions at a time counts for each of them. */
export interface SessionUsage {
  readonly voiceActivitySeconds: number;
  readonly logMelSeconds: number;
  readonly encodeSeconds: number;
  readonly languageDetectionSeconds: number;
  /** All temperatures, prompts included. */
  readonly decodeSeconds: number;
  /** The part of it until the first token of each text. */
  readonly promptSeconds: number;
  /** The part of it that the engine's thread worked itself: graphs, filters, tokens, handing over. */
  readonly decodeHostSeconds: number;
  /** The part of it that the engine's thread waited for the device. */
  readonly decodeDeviceSeconds: number;
  readonly alignSeconds: number;
  /** That were encoded. */
  readonly windows: number;
  /** How long they were together: 30 each, or less where a short one was asked for. */
  readonly windowSeconds: number;
  /** Runs of the decoder in decoding, its prompts included, whatever their rows. */
  readonly decoderSteps: number;
  /** Tokens chosen, those of texts that were given up included. */
  readonly tokens: number;
  /** Tokens of drafts that were read: not those behind an end of text, or that the text has no room for. */
  readonly draftTokens: number;
  /** Those of them that were right. */
  readonly acceptedDraftTokens: number;
}

/**
 * One recording's use of a model. It asks for single windows and texts; the engine decides what runs together: windows
 * of one length that wait are encoded in one pass, texts join a running decode at its next step and leave it as they end. What does not
 * fit in the memory waits.
 */
export interface NativeSession {
  readonly dimensions: ModelDimensions;
  /** `[layer, head]` pairs that follow the audio; empty when unknown. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly usage: SessionUsage;
  /**
   * The probabilities of speech in every 32 ms (512 samples) of a recording from one of them on, as soon as there are any;
   * an empty array at the end. Null where nothing listens for it.
   */
  speechFrom(audio: NativeComingAudio, first: number): Promise<Float32Array | null>;
  /**
   * The probability of speech in every 32 ms that came since the last call, the first one included; one call at a time.
   * A last piece that is not whole waits for the end of the sound.
   */
  hearOn(growing: NativeGrowingAudio): Promise<Float32Array>;
  /** Log-mel and encoder of one window. */
  encode(request: EncodeRequest): Promise<NativeEncoding>;
  /** The probability of each language token, in the order given (openai/whisper decoding.py `detect_language`). */
  detectLanguage(request: DetectLanguageRequest): Promise<Float32Array>;
  /** openai/whisper decoding.py `GreedyDecoder`: a text for each sample. */
  decode(request: DecodeRequest): Promise<readonly DecodeResult[]>;
  /** openai/whisper decoding.py `BeamSearchDecoder`. */
  beamSearch(request: BeamSearchRequest): Promise<BeamSearchResult>;
  /** When each token is said, from the cached cross-attention (openai/whisper timing.py `find_alignment`). */
  align(request: AlignRequest): Promise<Alignment>;
  /** Lets bulk sessions go on. What waits is still answered. */
  close(): void;
}

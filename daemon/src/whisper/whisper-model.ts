import type {
  Alignment,
  AlignRequest,
  BeamSearchResult,
  DecodeResult,
  LogitFilters,
  ModelDimensions,
  NativeAudio,
  NativeEncoding,
} from '@hearth/native';

/** What the policy asks of a model: one window and one text at a time, as if it were alone. */
export interface WhisperModel {
  readonly dimensions: ModelDimensions;
  /** `[layer, head]` pairs that follow the audio; empty when unknown. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  /** The probability of speech in every 32 ms of a recording; null where nothing listens for it. */
  speechProbabilities(audio: NativeAudio): Promise<Float32Array | null>;
  /** Log-mel and encoder of one window: the only encoder pass that it gets. */
  encode(window: EncodeRequest): Promise<NativeEncoding>;
  /** The probability of each language token, in the order given. */
  detectLanguage(request: LanguageRequest): Promise<Float32Array>;
  /** One text for each sample. */
  decode(request: DecodeTextRequest): Promise<readonly DecodeResult[]>;
  beamSearch(request: SearchTextRequest): Promise<BeamSearchResult>;
  /** When each token of a text is said. */
  align(request: AlignTextRequest): Promise<Alignment>;
}

export interface EncodeRequest {
  readonly audio: NativeAudio;
  readonly startFrame: number;
  readonly frameCount: number;
}

export interface LanguageRequest {
  readonly encoding: NativeEncoding;
  readonly sot: number;
  readonly languageTokens: readonly number[];
}

/** What a text starts from, and the rules that it follows. */
export interface TextRequest {
  readonly encoding: NativeEncoding;
  readonly prompt: readonly number[];
  /** Position of the start-of-transcript token in `prompt`. */
  readonly sotIndex: number;
  /** The timestamp token before which a text that has begun does not end. */
  readonly speechUntil: number | undefined;
  readonly filters: LogitFilters;
  readonly endOfText: number;
  /** Null for English-only models that carry no such token. */
  readonly noSpeech: number | null;
  readonly maxTokens: number;
}

export interface DecodeTextRequest extends TextRequest {
  /** Temperature 0 decodes greedily; the same seed gives the same tokens. */
  readonly samples: readonly { readonly temperature: number; readonly seed: number }[];
  /** Each token of the first sample as it is chosen. */
  readonly onToken: ((token: number) => void) | undefined;
}

export interface SearchTextRequest extends TextRequest {
  readonly beamSize: number;
  readonly patience: number;
}

/** A row of the engine's own request, by itself. */
export type AlignTextRequest = AlignRequest['rows'][number] & Pick<AlignRequest, 'heads' | 'endOfText'>;

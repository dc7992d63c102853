import type { NativeAudio } from './audio.ts';
import type {
  Alignment,
  AlignRequest,
  BeamSearchRequest,
  BeamSearchResult,
  DecodeRequest,
  DecodeResult,
  DetectLanguageRequest,
  LogitFilters,
} from './decoding.ts';
import type { NativeEncoding, NativeMel } from './encoding.ts';

/** Whisper's `ModelDimensions` (openai/whisper model.py), in camelCase. */
export interface ModelDimensions {
  readonly melBins: number;
  readonly audioContext: number;
  readonly audioState: number;
  readonly audioHeads: number;
  readonly audioLayers: number;
  readonly vocabularySize: number;
  readonly textContext: number;
  readonly textState: number;
  readonly textHeads: number;
  readonly textLayers: number;
}

/**
 * How the CPU primitives multiply: `exact` in float32, as openai/whisper computes; `int8` with many rows in 8 bits, which
 * is faster and a little off.
 */
export type Arithmetic = 'exact' | 'int8';

export interface LoadModelRequest {
  /** Folder with `config.json` and one of `model.safetensors`, `weights.safetensors`, `weights.npz`. */
  readonly folder: string;
  /** Keeps quantised weights quantised where dense ones would be faster on a GPU. Default: off. */
  readonly saveMemory?: boolean;
  /** Default: `exact`, which is also what a GPU or a CPU without fast products of bytes gives. */
  readonly arithmetic?: Arithmetic;
}

export interface WarmUpRequest {
  readonly batchSize: number;
  /** As the requests to come have them. */
  readonly filters: LogitFilters;
  readonly endOfText: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Counters that show that work is not done twice, and where the time of decoding goes. */
export interface ModelCounters {
  readonly encodedWindows: number;
  /** Runs of the decoder in `decode` and `beamSearch`: prompts, and steps whatever their rows. */
  readonly decoderSteps: number;
  /** Of the same calls, the time that the engine's thread worked itself: graphs, filters, tokens, handing over. */
  readonly decodeHostSeconds: number;
  /** The rest of it: what the engine's thread waited for the device, which may have been busy before. */
  readonly decodeDeviceSeconds: number;
}

export interface NativeModel {
  readonly dimensions: ModelDimensions;
  /** Null for a model that is not quantised. */
  readonly quantization: { readonly bits: number; readonly groupSize: number } | null;
  /** `[layer, head]` pairs that follow the audio, from the model's files or OpenAI's table; empty when unknown. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly operations: 'cpu' | 'mlx';
  /** Whether the encoder's weights are dense in memory, also where the file has them quantised. */
  readonly denseEncoder: boolean;
  /** What is really used, whatever was asked for. */
  readonly arithmetic: Arithmetic;
  readonly device: 'cpu' | 'gpu';
  readonly weightBytes: number;
  readonly counters: ModelCounters;
  /** Log-mel of frames `[startFrame, startFrame + frameCount)`, normalised by the maximum over the whole recording. */
  logMel(request: {
    readonly audio: NativeAudio;
    readonly startFrame: number;
    readonly frameCount: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<NativeMel>;
  /** One encoder pass for all windows, and the cross-attention keys and values of every decoder layer. */
  encode(request: {
    readonly mels: readonly NativeMel[];
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly NativeEncoding[]>;
  /** Per window: the probability of each language token, in the order given (openai/whisper decoding.py `detect_language`). */
  detectLanguage(request: DetectLanguageRequest): Promise<readonly Float32Array[]>;
  /** All rows in one batch; finished rows leave it. */
  decode(request: DecodeRequest): Promise<readonly DecodeResult[]>;
  /** All beams of all prompts in one batch (openai/whisper decoding.py `BeamSearchDecoder`). */
  beamSearch(request: BeamSearchRequest): Promise<readonly BeamSearchResult[]>;
  /** When each token is said, from the cached cross-attention (openai/whisper timing.py `find_alignment`). */
  align(request: AlignRequest): Promise<readonly Alignment[]>;
  /** Runs every shape that a request can need, so that the first request pays for nothing. */
  warmUp(request: WarmUpRequest): Promise<void>;
  close(): void;
}

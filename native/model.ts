import type { ModelDimensions } from './model-dimensions.ts';
import type { Quantization } from './model-folder.ts';
import type { LogitFilters, NativeSession, SessionRequest } from './session.ts';

/**
 * How the CPU primitives multiply: `exact` in float32, as openai/whisper computes; `int8` with many rows in 8 bits, which
 * is faster and a little off.
 */
export type Arithmetic = 'exact' | 'int8';

export interface LoadModelRequest {
  /** Folder with `config.json` and one of `model.safetensors`, `weights.safetensors`, `weights.npz`, or shards. */
  readonly folder: string;
  /** Keeps quantised weights quantised where dense ones would be faster on a GPU. Default: off. */
  readonly saveMemory?: boolean;
  /**
   * Folder of a smaller model with the same vocabulary and mel bins, which guesses what this one says: greedy texts are
   * the same, and sooner. It is left out when its decoder is no smaller.
   */
  readonly draftFolder?: string | null;
  /** Default: `exact`, which is also what a GPU or a CPU without fast products of bytes gives. */
  readonly arithmetic?: Arithmetic;
}

export interface WarmUpRequest {
  readonly batchSize: number;
  /** As the requests to come have them. */
  readonly filters: LogitFilters;
  readonly endOfText: number;
  /** Frames of the windows shorter than 30 s that are to come. Default: none. */
  readonly shortWindows?: readonly number[];
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Counters that show that work is not done twice. */
export interface ModelCounters {
  readonly encodedWindows: number;
  /** Runs of the decoder for texts: prompts, and steps whatever their rows. */
  readonly decoderSteps: number;
  /** Runs of the smaller model's decoder that guesses. */
  readonly draftSteps: number;
}

export interface NativeModel {
  readonly dimensions: ModelDimensions;
  /** Null for a model that is not quantised. */
  readonly quantization: Quantization | null;
  /** `[layer, head]` pairs that follow the audio, from the model's files or OpenAI's table; empty when unknown. */
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly operations: 'cpu' | 'mlx';
  /** Whether the encoder's weights are dense in memory, also where the file has them quantised. */
  readonly denseEncoder: boolean;
  /** What is really used, whatever was asked for. */
  readonly arithmetic: Arithmetic;
  readonly device: 'cpu' | 'gpu';
  readonly weightBytes: number;
  /** Windows that are encoded in one pass at most. */
  readonly encoderBatch: number;
  /** The smaller model that guesses; null for none. */
  readonly draft: { readonly folder: string; readonly weightBytes: number } | null;
  /** Windows, with a row of text each, that the memory set apart for them holds. */
  readonly windowCapacity: number;
  readonly counters: ModelCounters;
  session(request: SessionRequest): NativeSession;
  /** Runs every shape that a request can need, so that the first request pays for nothing. */
  warmUp(request: WarmUpRequest): Promise<void>;
  close(): void;
}

import type { ModelDimensions } from './model-dimensions.ts';
import type { Quantization } from './model-folder.ts';
import type { LogitFilters, NativeSession, SessionRequest } from './session.ts';

/**
 * How the CPU primitives multiply: `exact` in float32, as openai/whisper computes; `int8` with many rows in 8 bits, which
 * is faster and a little off.
 */
export type Arithmetic = 'exact' | 'int8';

/** How a model is computed where there is a choice. The arithmetic is the same but for rounding. */
export interface ModelComputation {
  /** Quantised layers that get many rows are dense in memory. */
  readonly denseEncoder: boolean;
  /** The decoder's products with up to so many rows read quantised layers, those with more dense ones. Null: all do. */
  readonly rowsReadQuantized: number | null;
  /** Windows that are encoded in one pass at most. */
  readonly encoderBatch: number;
  readonly logMelOnDevice: boolean;
}

/** How long a part of a model takes in one of the ways to compute it, with so many windows or rows at a time. */
export interface ComputationTrial {
  readonly part: 'encoder' | 'decoder' | 'logMel';
  readonly way: 'quantized' | 'dense' | 'cpu' | 'device';
  readonly count: number;
  readonly seconds: number;
}

/** What a model's computation depends on, besides the machine. */
export interface ModelKind {
  readonly dimensions: ModelDimensions;
  readonly quantization: Quantization | null;
}

export interface LoadModelRequest {
  /** Folder with `config.json` and one of `model.safetensors`, `weights.safetensors`, `weights.npz`, or shards. */
  readonly folder: string;
  /** Keeps quantised weights quantised where dense ones would be faster on a GPU. Default: off. */
  readonly saveMemory?: boolean;
  /**
   * What was measured of a model of this kind; null has the ways to compute it timed, which takes a second or two.
   * Default: what is best on an NVIDIA H200, without a measurement.
   */
  readonly measured?: (kind: ModelKind) => ModelComputation | null;
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
  /** That the smaller model heard, to guess what is said in them. */
  readonly draftWindows: number;
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
  readonly computation: ModelComputation;
  /** What was timed for it; empty where nothing was. */
  readonly trials: readonly ComputationTrial[];
  /** Whether there was room for dense layers, so that they could be tried. */
  readonly mayBeDense: boolean;
  /** What is really used, whatever was asked for. */
  readonly arithmetic: Arithmetic;
  readonly device: 'cpu' | 'gpu';
  readonly weightBytes: number;
  /** The smaller model that guesses; null for none. */
  readonly draft:
    | (ModelKind &
        Pick<NativeModel, 'weightBytes' | 'computation' | 'trials' | 'mayBeDense'> & { readonly folder: string })
    | null;
  /** Windows, with a row of text each, that the memory set apart for them holds. */
  readonly windowCapacity: number;
  readonly counters: ModelCounters;
  session(request: SessionRequest): NativeSession;
  /** Runs every shape that a request can need, so that the first request pays for nothing. */
  warmUp(request: WarmUpRequest): Promise<void>;
  close(): void;
}

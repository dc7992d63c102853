import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { NativeAudio, NativeVoiceActivity } from './audio.ts';
import type { Arithmetic, ComputationTrial, ModelComputation, NativeModel } from './model.ts';
import type { ModelDimensions } from './model-dimensions.ts';
import type { Native } from './native.ts';
import { nativeError } from './native-error.ts';
import type { QuantizeModelRequest } from './quantize-request.ts';
import type { EncodeRequest, LogitFilters, NativeEncoding } from './session.ts';

/** What hearth.node exports (native/src/addon/module.cc). Its classes are the interfaces of this package. */
export interface Addon extends Omit<Native, 'openAudio' | 'loadModel' | 'quantizeModel'> {
  configure(options: { readonly threads: number; readonly cacheLimitBytes: number; readonly compile: boolean }): void;
  /** The model's alignment heads are those of its weights file; empty when it holds none. */
  loadModel(request: {
    readonly weightsPath: string;
    /** Of a model whose weights are in several files. */
    readonly otherWeightsPaths: readonly string[];
    readonly dimensions: ModelDimensions;
    /** A smaller model that guesses; `cost` of a guess in runs of the large one's decoder. */
    readonly draft: {
      readonly weightsPath: string;
      readonly otherWeightsPaths: readonly string[];
      readonly dimensions: ModelDimensions;
      readonly cost: number;
      /** Not only estimated: nothing is timed. */
      readonly isCostFixed: boolean;
      readonly computation: ModelComputation | null;
      readonly measures: boolean;
    } | null;
    /** What was measured earlier; null for what is best on an NVIDIA H200. */
    readonly computation: ModelComputation | null;
    /** Times the ways that there are, and takes the best. */
    readonly measures: boolean;
    /** Times that a test makes up; null for real ones. */
    readonly trials: readonly ComputationTrial[] | null;
    readonly operations: 'auto' | 'cpu' | 'mlx';
    readonly saveMemory: boolean;
    readonly float32: boolean;
    readonly arithmetic: Arithmetic;
  }): Promise<
    Omit<NativeModel, 'dimensions' | 'quantization' | 'draft'> & {
      readonly draft: Pick<NativeModel, 'weightBytes' | 'computation' | 'trials' | 'mayBeDense'> | null;
    }
  >;
  quantizeModel(
    request: Pick<QuantizeModelRequest, 'bits' | 'encoderBits' | 'groupSize' | 'windows' | 'signal' | 'onProgress'> & {
      readonly weightsPath: string;
      readonly otherWeightsPaths: readonly string[];
      readonly dimensions: ModelDimensions;
      readonly outputPath: string;
      /** Empty: nothing is kept for another run. */
      readonly finishedPath: string;
      readonly alignmentHeads: readonly (readonly [number, number])[];
    },
  ): Promise<void>;
  /** Ends the engine's threads for good; for a process that ends. */
  endWork(): void;
  readonly testing: {
    /** One row's logits after OpenAI's filters; `sampled` are its tokens after the prompt, `speechUntil` as in a row. */
    filterLogits(request: {
      readonly filters: LogitFilters;
      readonly speechUntil?: number;
      readonly sampled: readonly number[];
      readonly logits: Float32Array;
    }): Float32Array;
    /** Logits for every position of `tokens`, row-major `[tokens.length, vocabularySize]`, without filters. */
    readLogits(request: {
      readonly model: NativeModel;
      readonly encoding: NativeEncoding;
      readonly tokens: readonly number[];
    }): Promise<Float32Array>;
    /** Encoder output, row-major `[audioContext, audioState]`. */
    readFeatures(encoding: NativeEncoding): Promise<Float32Array>;
    /** The encoding whose features these are, as `readFeatures` read them from this model's; no pass of the encoder. */
    encodingOf(request: { readonly model: NativeModel; readonly features: Float32Array }): Promise<NativeEncoding>;
    /** The probability of speech in every 32 ms of a recording. */
    readSpeechProbabilities(request: {
      readonly network: NativeVoiceActivity;
      readonly audio: NativeAudio;
    }): Promise<Float32Array>;
    /**
     * What those who listen to a recording while it is decoded find in it, if they hear of so many samples, one after the
     * other, and then of all.
     */
    hearInPieces(request: {
      readonly network: NativeVoiceActivity;
      readonly model: NativeModel;
      readonly audio: NativeAudio;
      readonly sampleCounts: readonly number[];
    }): Promise<{ readonly speechProbabilities: Float32Array; readonly logMelMaximum: number }>;
    /** One window of log-mel, row-major `[melBins, 3000]`. */
    readLogMel(
      request: Pick<EncodeRequest, 'audio' | 'startFrame' | 'frameCount' | 'loudest'> & { readonly model: NativeModel },
    ): Promise<Float32Array>;
    /**
     * Texts whose next token would be guessed right where `right` is 1, each in a session of its own. A guess takes
     * `guessRuns` of the large model's decoder, reading one `readingRuns`, and a run that reads some `extraRuns` more than
     * another. What each text took is `runs`.
     */
    simulateGuesses(request: {
      readonly right: readonly number[];
      readonly guessRuns: number;
      readonly readingRuns: number;
      readonly extraRuns: number;
      /** What a guess is thought to take before it was timed. */
      readonly estimatedRuns: number;
      /** Of sessions, one after the other; default 1. */
      readonly sessions?: number;
      /** So often rounds of each length were timed before; default 0. */
      readonly rehearsals?: number;
      /** What the smaller model takes to hear a text's window, before its first guess. */
      readonly hearingRuns?: number;
      /** What more a run takes of a kind that was not met before. */
      readonly coldRuns?: number;
      /** What more guesses take up to this token. */
      readonly slowRuns?: number;
      readonly slowUntil?: number;
    }): { readonly runs: readonly number[]; readonly guesses: number };
    /** Memory for windows and texts of each priority, as if the device had as much; 0 for what it really has. */
    forceCapacity(bytes: number): void;
    /** Whoever decodes a file waits with so many samples known; null lets them go on. */
    holdDecoding(samples: number | null): void;
    /** What MLX compiled since the process began; 0 where it compiles nothing, as on a CPU. */
    compilations(): number;
  };
}

let loaded: Addon | undefined;

/** @throws `ENGINE_NOT_BUILT` */
export function loadAddon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(require.resolve('@hearth/native/package.json'));
  const addonPath = join(packageFolder, 'build', 'Release', 'hearth.node');
  try {
    const addon = require(addonPath) as Addon;
    // Before any exit handler of C++: MLX's own would destroy its state under a running evaluation.
    if (isMainThread) process.once('exit', () => addon.endWork());
    return addon;
  } catch (cause) {
    throw nativeError(
      'ENGINE_NOT_BUILT',
      `Expected the engine's addon at ${addonPath}, but it could not be loaded: ${(cause as Error).message}`,
      cause,
    );
  }
}

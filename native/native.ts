import type { NativeAudio, NativeComingAudio, NativeGrowingAudio, NativeVoiceActivity, SampleFormat } from './audio.ts';
import type { LoadModelRequest, NativeModel } from './model.ts';
import type { OpenAudioRequest } from './open-audio.ts';
import type { QuantizeModelRequest } from './quantize-request.ts';

/** Settings for the whole process. The last call counts. */
export interface NativeOptions {
  /** CPU threads in the kernels' pool. By default one per core. */
  readonly threads?: number | null;
  /** Bytes of buffers kept for reuse. By default 256 MiB on a GPU and 16 MiB on a CPU. */
  readonly cacheLimitBytes?: number;
  /** Lets MLX fuse operations on a GPU. On by default; turn it off for debugging. */
  readonly compile?: boolean;
}

export interface MemoryUse {
  readonly activeBytes: number;
  readonly cacheBytes: number;
  readonly peakBytes: number;
}

/** Activity of the native threads: a running call takes steps. */
export interface WorkProgress {
  readonly isWorking: boolean;
  /** Steps taken since the process began. */
  readonly steps: number;
}

export interface NativeInfo {
  readonly mlxVersion: string;
  readonly sndfileVersion: string | null;
  /** The instruction set of the CPU primitives: `amx`, `avx512`, `avx2`, `neon` or `scalar`. */
  readonly instructionSet: string;
  /** Whether this CPU multiplies bytes faster than float32 numbers, so that `int8` differs from `exact`. */
  readonly hasInt8Arithmetic: boolean;
  /** A Metal or CUDA device that MLX can use. */
  readonly gpuAvailable: boolean;
  /** What the device calls itself; empty where there is none. */
  readonly gpuName: string;
  /** Memory that this device can work in; 0 where there is none, or it does not say. */
  readonly gpuMemoryBytes: number;
}

/**
 * The engine. Every promise rejects with an `Error` that has a stable string `code`. If a call has a signal, it rejects
 * with `CANCELLED` within one decoder step after the signal is aborted.
 */
export interface Native {
  info(): NativeInfo;
  /**
   * Reads what libsndfile supports, mixed to mono and resampled to 16 kHz.
   * @throws `AUDIO_NEEDS_CONVERSION` for a recording that a converter can read, with its `format` (`mp4`,
   * `matroska`, …; native/src/audio/signatures.cc), and without one for data of no known kind;
   * `AUDIO_UNSUPPORTED` for what is no recording, `AUDIO_CORRUPT`, `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`,
   * `FILE_IS_DIRECTORY`, `ENGINE_NOT_BUILT`, `CANCELLED`
   */
  openAudio(request: OpenAudioRequest): Promise<NativeAudio>;
  /**
   * The same as soon as the first samples are decoded; the rest comes while they are used. Of a recording with several
   * channels they come 30 s at a time. @throws what `openAudio` throws
   */
  beginAudio(request: OpenAudioRequest): Promise<NativeComingAudio>;
  /** The same with each channel alone. Warnings about the file are those of the first. @throws what `openAudio` throws */
  openChannels(request: OpenAudioRequest): Promise<readonly NativeAudio[]>;
  /** @throws `AUDIO_UNSUPPORTED` for a rate or a number of channels that no recording has */
  growAudio(format: SampleFormat): NativeGrowingAudio;
  /** @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `DRAFT_MODEL_MISMATCH` */
  loadModel(request: LoadModelRequest): Promise<NativeModel>;
  /** `path` is the network's safetensors file. @throws `MODEL_INVALID` */
  loadVoiceActivity(request: { readonly path: string }): Promise<NativeVoiceActivity>;
  /**
   * Quantises the linear layers and the token embedding of a float model, one at a time.
   * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `OPTION_INVALID`, `DISK_FULL`, `OUTPUT_NOT_WRITABLE`, `CANCELLED`
   */
  quantizeModel(request: QuantizeModelRequest): Promise<void>;
  /** Frees cached buffers that are not in use. */
  clearCache(): Promise<void>;
  memory(): MemoryUse;
  workProgress(): WorkProgress;
  /** Kills this process and those it started after so many milliseconds, whatever its threads are waiting for. */
  endWithin(milliseconds: number): void;
  /** Does this once this process's parent is gone, even while JavaScript is blocked. */
  endWithParent(milliseconds: number): void;
}

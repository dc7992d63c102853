import type { NativeAudio, NativeVoiceActivity, OpenAudioRequest } from './audio.ts';
import type { LoadModelRequest, NativeModel } from './model.ts';

/** What holds for the whole process: the last call counts. */
export interface NativeOptions {
  /** CPU threads of the kernels' pool. Default: one per core. */
  readonly threads?: number | null;
  /** Buffers kept for reuse. Default: 256 MiB on a GPU, 16 MiB on a CPU. */
  readonly cacheLimitBytes?: number;
  /** Lets MLX fuse operations on a GPU; off for debugging. Default: on. */
  readonly compile?: boolean;
}

export interface MemoryUse {
  readonly activeBytes: number;
  readonly cacheBytes: number;
  readonly peakBytes: number;
}

/** What the native threads do: a call that goes on takes steps. */
export interface WorkProgress {
  readonly isWorking: boolean;
  /** Steps taken since the process began. */
  readonly steps: number;
}

export interface NativeInfo {
  readonly mlxVersion: string;
  readonly sndfileVersion: string | null;
  /** Instruction set that the CPU primitives run with: `avx512`, `avx2`, `neon` or `scalar`. */
  readonly instructionSet: string;
  /** Whether this CPU multiplies bytes faster than float32 numbers, so that `int8` is not `exact`. */
  readonly hasInt8Arithmetic: boolean;
  /** A Metal or CUDA device that MLX can use. */
  readonly gpuAvailable: boolean;
}

/**
 * The engine. Every promise rejects with an `Error` that carries a stable string `code`. A call that is given a signal
 * rejects with the code `CANCELLED` within one decoder step of its abort.
 */
export interface Native {
  info(): NativeInfo;
  /**
   * Reads what libsndfile can read, mixed to mono and resampled to 16 kHz.
   * @throws `AUDIO_NEEDS_CONVERSION` for a recording that another program can turn into one, with its `format` (`mp4`,
   * `matroska`, …; native/src/audio/signatures.cc), and for data that is nothing known, without one;
   * `AUDIO_UNSUPPORTED` for what is no recording, `AUDIO_CORRUPT`, `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`,
   * `FILE_IS_DIRECTORY`, `ENGINE_NOT_BUILT`, `CANCELLED`
   */
  openAudio(request: OpenAudioRequest): Promise<NativeAudio>;
  /** @throws `MODEL_NOT_FOUND`, `MODEL_INVALID` */
  loadModel(request: LoadModelRequest): Promise<NativeModel>;
  /** `path` is the network's safetensors file. @throws `MODEL_INVALID` */
  loadVoiceActivity(request: { readonly path: string }): Promise<NativeVoiceActivity>;
  /** Frees cached buffers that nothing uses. */
  clearCache(): Promise<void>;
  memory(): MemoryUse;
  workProgress(): WorkProgress;
  /** Kills this process after so many milliseconds, with what it started, whatever its threads wait for. */
  endWithin(milliseconds: number): void;
  /** Does so once the process that started this one is gone, also while JavaScript is blocked. */
  endWithParent(milliseconds: number): void;
}

/** Runs until `cancel()` is called; calls that were given it then reject with code `CANCELLED` within one decoder step. */
export interface Cancellation {
  cancel(): void;
}

/** Something about a recording that its user should know; what could be read of it is kept. */
export interface AudioWarning {
  readonly code: 'damaged' | 'sound-left-out' | 'wrong-length' | 'inverted-channels';
  /** A sentence for people. */
  readonly message: string;
  /** Where in the recording, if anywhere. */
  readonly atSeconds: number | null;
  /** How much of the file it is about, where that is known. */
  readonly bytes: number | null;
}

/** 16 kHz mono 16-bit samples of one recording, held outside the JavaScript heap. */
export interface NativeAudio {
  readonly sampleCount: number;
  readonly durationSeconds: number;
  /** Container and codec as found by content, for example `FLAC` and `16-bit PCM`. */
  readonly container: string;
  readonly codec: string;
  readonly sourceSampleRateHz: number;
  readonly sourceChannels: number;
  /** Of the samples, where 1 is full scale: the largest distance from `dcOffset`, the mean one, and the samples' mean. */
  readonly peakAmplitude: number;
  readonly rmsAmplitude: number;
  readonly dcOffset: number;
  readonly warnings: readonly AudioWarning[];
  /** A copy of the samples `[start, start + count)`, clipped to the recording. */
  samples(start: number, count: number): Int16Array;
  close(): void;
}

export interface OpenAudioRequest {
  readonly path: string;
  readonly cancellation?: Cancellation;
  readonly onProgress?: (progress: { readonly decodedSeconds: number; readonly totalSeconds: number | null }) => void;
}

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
  /**
   * `auto`: MLX on a GPU, our CPU primitives elsewhere. `mlx` forces MLX's own operations on any device: the GPU's
   * code path, slow on a CPU, for tests.
   */
  readonly operations?: 'auto' | 'cpu' | 'mlx';
  /** CPU threads of the kernels' pool; default: one per core. */
  readonly threads?: number;
  readonly cacheLimitBytes?: number;
  /** Lets MLX fuse operations on a GPU; off for debugging. Default: on. */
  readonly compile?: boolean;
  /** Keeps quantised weights quantised where dense ones would be faster on a GPU. Default: off. */
  readonly saveMemory?: boolean;
  /** Computes in float32 on a GPU too, for comparisons. Default: off; a CPU always does. */
  readonly float32?: boolean;
  /** Default: `exact`, which is also what a GPU or a CPU without fast products of bytes gives. */
  readonly arithmetic?: Arithmetic;
}

/** One log-mel window `[melBins, 3000]` on the device. */
export interface NativeMel {
  /** Frames that carry sound; the rest of the window is zeros, as `pad_or_trim` leaves it. */
  readonly contentFrames: number;
  /** Row-major `[melBins, 3000]`. */
  read(): Float32Array;
  close(): void;
}

/** Encoder output and cross-attention keys and values of a batch of windows; every later call reuses it. */
export interface NativeEncoding {
  readonly windowCount: number;
  /** Encoder output of one window, row-major `[audioContext, audioState]`. */
  readFeatures(window: number): Promise<Float32Array>;
  close(): void;
}

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

export interface DecodeRow {
  /** Index of the window in the encoding. Several rows may share one. */
  readonly window: number;
  /** Initial tokens: previous text, start of transcript, language, task, prefix. */
  readonly prompt: readonly number[];
  /** Position of the start-of-transcript token in `prompt`, where the no-speech probability is read. */
  readonly sotIndex: number;
  /** A timestamp token: someone is known to speak until then, and a text that has begun does not end at an earlier one. */
  readonly speechUntil?: number;
  /** 0 decodes greedily; above 0 samples from `softmax(logits / temperature)`. */
  readonly temperature: number;
  /** Seeds this row's sampling; the same seed gives the same tokens. */
  readonly seed: number;
  /** Takes this row alone out of the batch, within one decoder step. */
  readonly cancellation?: Cancellation;
}

export interface DecodeRequest {
  readonly encoding: NativeEncoding;
  readonly rows: readonly DecodeRow[];
  readonly filters: LogitFilters;
  readonly endOfText: number;
  /** Null for English-only models that carry no such token. */
  readonly noSpeech: number | null;
  /** OpenAI's `sample_len`. */
  readonly maxTokens: number;
  readonly cancellation?: Cancellation;
  readonly onToken?: (event: { readonly row: number; readonly token: number }) => void;
}

export interface DecodeResult {
  /** Sampled tokens without the end-of-text token. */
  readonly tokens: readonly number[];
  /** Sum over the sampled tokens, the first end-of-text token included. */
  readonly sumLogprob: number;
  /** `sumLogprob / (tokens.length + 1)`. */
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
  /** The row's own cancellation took it out; its tokens are not whole. */
  readonly cancelled?: true;
}

export interface BeamSearchRequest {
  readonly encoding: NativeEncoding;
  readonly prompts: readonly Pick<DecodeRow, 'window' | 'prompt' | 'sotIndex' | 'speechUntil'>[];
  readonly filters: LogitFilters;
  readonly endOfText: number;
  readonly noSpeech: number | null;
  readonly maxTokens: number;
  readonly beamSize: number;
  /** OpenAI's patience: a search ends with `round(beamSize * patience)` finished texts. */
  readonly patience: number;
  readonly cancellation?: Cancellation;
}

export interface BeamSearchResult {
  /** Unranked texts; ranking by length is the caller's (openai/whisper decoding.py `SequenceRanker`). */
  readonly candidates: readonly Omit<DecodeResult, 'noSpeechProb' | 'cancelled'>[];
  readonly noSpeechProb: number;
}

export interface AlignRequest {
  readonly encoding: NativeEncoding;
  readonly rows: readonly {
    readonly window: number;
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
  readonly cancellation?: Cancellation;
}

export interface Alignment {
  /** Positions of 20 ms where the no-timestamps token and then each text token starts: `text.length + 1` values. */
  readonly starts: Int32Array;
  /** Probability of each text token. */
  readonly probabilities: Float32Array;
}

export interface DetectLanguageRequest {
  readonly encoding: NativeEncoding;
  readonly sot: number;
  readonly languageTokens: readonly number[];
}

/** What a test needs to compare with another implementation: logits for every position of `tokens`. */
export interface LogitsRequest {
  readonly encoding: NativeEncoding;
  readonly window: number;
  readonly tokens: readonly number[];
}

export interface WarmUpRequest {
  readonly batchSize: number;
  /** As the requests to come have them. */
  readonly filters: LogitFilters;
  readonly endOfText: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  readonly cancellation?: Cancellation;
}

/** Counters that show that work is not done twice. */
export interface ModelCounters {
  readonly encodedWindows: number;
  /** Runs of the decoder in `decode` and `beamSearch`: prompts, and steps whatever their rows. */
  readonly decoderSteps: number;
  /** Of the same calls, the time that the engine's thread worked itself: graphs, filters, tokens, handing over. */
  readonly decodeHostSeconds: number;
  /** The rest of it: what the engine's thread waited for the device, which may have been busy before. */
  readonly decodeDeviceSeconds: number;
  /** What MLX compiled since the process began; 0 where it compiles nothing, as on a CPU. */
  readonly compilations: number;
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
    readonly cancellation?: Cancellation;
  }): Promise<NativeMel>;
  /** One encoder pass for all windows, and the cross-attention keys and values of every decoder layer. */
  encode(request: {
    readonly mels: readonly NativeMel[];
    readonly cancellation?: Cancellation;
  }): Promise<NativeEncoding>;
  /** Some windows of some encodings, default all, as one encoding that shares their memory; each is closed by itself. */
  joinEncodings(
    parts: readonly { readonly encoding: NativeEncoding; readonly windows?: readonly number[] }[],
  ): Promise<NativeEncoding>;
  /** Per window: the probability of each language token, in the order given (openai/whisper decoding.py `detect_language`). */
  detectLanguage(request: DetectLanguageRequest): Promise<readonly Float32Array[]>;
  /** All rows in one batch; finished rows leave it. */
  decode(request: DecodeRequest): Promise<readonly DecodeResult[]>;
  /** All beams of all prompts in one batch (openai/whisper decoding.py `BeamSearchDecoder`). */
  beamSearch(request: BeamSearchRequest): Promise<readonly BeamSearchResult[]>;
  /** When each token is said, from the cached cross-attention (openai/whisper timing.py `find_alignment`). */
  align(request: AlignRequest): Promise<readonly Alignment[]>;
  /** Row-major `[tokens.length, vocabularySize]`. */
  logits(request: LogitsRequest): Promise<Float32Array>;
  /** Runs every shape that a request can need, so that the first request pays for nothing. */
  warmUp(request: WarmUpRequest): Promise<void>;
  /** Frees cached buffers that no array uses. */
  clearCache(): Promise<void>;
  close(): Promise<void>;
}

/** Silero's voice activity network. */
export interface NativeVoiceActivity {
  /** The probability of speech in every 32 ms (512 samples) of the recording. */
  speechProbabilities(request: {
    readonly audio: NativeAudio;
    readonly cancellation?: Cancellation;
  }): Promise<Float32Array>;
  close(): void;
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

/** The whole native surface. Every promise rejects with an `Error` that carries a stable string `code`. */
export interface Native {
  info(): NativeInfo;
  createCancellation(): Cancellation;
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
  /** One row's logits after OpenAI's filters; `sampled` are its tokens after the prompt. */
  filterLogits(request: {
    readonly filters: LogitFilters;
    /** As in a row. */
    readonly speechUntil?: number;
    readonly sampled: readonly number[];
    readonly logits: Float32Array;
  }): Float32Array;
  /** `path` is the network's safetensors file. @throws `MODEL_INVALID` */
  loadVoiceActivity(request: { readonly path: string }): Promise<NativeVoiceActivity>;
  memory(): MemoryUse;
  workProgress(): WorkProgress;
  /** Kills this process after so many milliseconds, with what it started, whatever its threads wait for. */
  endWithin(milliseconds: number): void;
  /** Does so once the process that started this one is gone, also while JavaScript is blocked. */
  endWithParent(milliseconds: number): void;
}

export { loadNative } from './load-native.ts';

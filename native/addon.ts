import type {
  Alignment,
  Arithmetic,
  AudioWarning,
  BeamSearchResult,
  DecodeResult,
  LoadModelRequest,
  MemoryUse,
  ModelCounters,
  ModelDimensions,
  NativeInfo,
  WorkProgress,
} from './index.ts';

/** Something that lives in C++. Each kind is its own, so that the compiler keeps them apart. */
export type Handle<Kind extends string> = { readonly kind: Kind };

export interface AddonAudio {
  readonly handle: Handle<'audio'>;
  readonly sampleCount: number;
  readonly container: string;
  readonly codec: string;
  readonly sourceSampleRateHz: number;
  readonly sourceChannels: number;
  readonly peakAmplitude: number;
  readonly rmsAmplitude: number;
  readonly dcOffset: number;
  readonly warnings: readonly AudioWarning[];
}

export interface AddonModel {
  readonly handle: Handle<'model'>;
  readonly alignmentHeads: readonly (readonly [number, number])[];
  readonly operations: 'cpu' | 'mlx';
  readonly denseEncoder: boolean;
  readonly arithmetic: Arithmetic;
  readonly device: 'cpu' | 'gpu';
  readonly weightBytes: number;
}

interface AddonPrompt {
  readonly window: number;
  readonly prompt: Int32Array;
  readonly sotIndex: number;
  readonly speechUntil?: number;
}

export interface AddonFilters {
  readonly suppressAtBegin: Int32Array;
  readonly suppress: Int32Array;
  readonly timestampRules: {
    readonly timestampBegin: number;
    readonly noTimestamps: number;
    readonly endOfText: number;
    readonly maxInitialTimestampIndex: number | null;
  } | null;
}

/** What greedy decoding and beam search share. */
interface AddonDecoding extends AddonFilters {
  readonly endOfText: number;
  readonly noSpeech: number | null;
  readonly maxTokens: number;
}

export interface AddonDecodeRequest extends AddonDecoding {
  readonly rows: readonly (AddonPrompt & {
    readonly temperature: number;
    readonly seed: number;
    readonly cancellation: Handle<'cancellation'> | undefined;
  })[];
}

export interface AddonBeamRequest extends AddonDecoding {
  readonly prompts: readonly AddonPrompt[];
  readonly beamSize: number;
  readonly maxCandidates: number;
}

type CancellationHandle = Handle<'cancellation'> | undefined;

/** The functions of hearth.node as C++ defines them (native/src/addon). index.ts holds what the rest of Hearth uses. */
export interface Addon {
  info(): NativeInfo;
  memory(): MemoryUse;
  workProgress(): WorkProgress;
  createCancellation(): Handle<'cancellation'>;
  /** Ends the engine's threads for good; for a process that ends. */
  endWork(): void;
  endWithin(milliseconds: number): void;
  endWithParent(milliseconds: number): void;
  cancel(cancellation: Handle<'cancellation'>): void;

  openAudio(
    path: string,
    cancellation: CancellationHandle,
    onProgress:
      | ((progress: { readonly decodedSeconds: number; readonly totalSeconds: number | null }) => void)
      | undefined,
  ): Promise<AddonAudio>;
  readSamples(audio: Handle<'audio'>, start: number, count: number): Int16Array;
  closeAudio(audio: Handle<'audio'>): void;

  loadModel(request: {
    readonly weightsPath: string;
    readonly dimensions: ModelDimensions;
    readonly groupSize: number;
    readonly operations: NonNullable<LoadModelRequest['operations']>;
    readonly compile: boolean;
    readonly saveMemory: boolean;
    readonly float32: boolean;
    readonly arithmetic: Arithmetic;
    readonly threads: number;
    readonly cacheLimitBytes: number;
  }): Promise<AddonModel>;
  counters(model: Handle<'model'>): ModelCounters;
  warmUp(
    model: Handle<'model'>,
    request: AddonFilters & { readonly batchSize: number; readonly endOfText: number },
    cancellation: CancellationHandle,
    onProgress: ((progress: { readonly done: number; readonly total: number }) => void) | undefined,
  ): Promise<void>;
  clearCache(): Promise<void>;
  closeModel(model: Handle<'model'>): void;

  filterLogits(filters: AddonFilters, speechUntil: number, sampled: Int32Array, logits: Float32Array): Float32Array;

  loadVoiceActivity(path: string): Promise<Handle<'voice-activity'>>;
  speechProbabilities(
    network: Handle<'voice-activity'>,
    audio: Handle<'audio'>,
    cancellation: CancellationHandle,
  ): Promise<Float32Array>;
  closeVoiceActivity(network: Handle<'voice-activity'>): void;

  logMel(
    model: Handle<'model'>,
    audio: Handle<'audio'>,
    startFrame: number,
    frameCount: number,
    cancellation: CancellationHandle,
  ): Promise<{ readonly handle: Handle<'mel'>; readonly contentFrames: number }>;
  readMel(mel: Handle<'mel'>): Float32Array;
  closeMel(mel: Handle<'mel'>): void;

  encode(
    model: Handle<'model'>,
    mels: readonly Handle<'mel'>[],
    cancellation: CancellationHandle,
  ): Promise<{ readonly handle: Handle<'encoding'>; readonly windowCount: number }>;
  joinEncodings(
    parts: readonly { readonly encoding: Handle<'encoding'>; readonly windows: Int32Array }[],
  ): Promise<{ readonly handle: Handle<'encoding'>; readonly windowCount: number }>;
  readFeatures(encoding: Handle<'encoding'>, window: number): Promise<Float32Array>;
  closeEncoding(encoding: Handle<'encoding'>): void;

  detectLanguage(
    model: Handle<'model'>,
    encoding: Handle<'encoding'>,
    sot: number,
    languageTokens: Int32Array,
  ): Promise<readonly Float32Array[]>;
  decode(
    model: Handle<'model'>,
    encoding: Handle<'encoding'>,
    request: AddonDecodeRequest,
    cancellation: CancellationHandle,
    onToken: ((event: { readonly row: number; readonly token: number }) => void) | undefined,
  ): Promise<readonly DecodeResult[]>;
  align(
    model: Handle<'model'>,
    encoding: Handle<'encoding'>,
    request: {
      readonly rows: readonly {
        readonly window: number;
        readonly prompt: Int32Array;
        readonly text: Int32Array;
        readonly frames: number;
      }[];
      /** Layer and head in turn. */
      readonly heads: Int32Array;
      readonly endOfText: number;
    },
    cancellation: CancellationHandle,
  ): Promise<readonly Alignment[]>;
  beamSearch(
    model: Handle<'model'>,
    encoding: Handle<'encoding'>,
    request: AddonBeamRequest,
    cancellation: CancellationHandle,
  ): Promise<readonly BeamSearchResult[]>;
  logits(
    model: Handle<'model'>,
    encoding: Handle<'encoding'>,
    window: number,
    tokens: Int32Array,
  ): Promise<Float32Array>;
}

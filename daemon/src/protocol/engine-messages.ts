import type { JobPriority } from './job.ts';
import type { AudioSummary } from './job-events.ts';
import type { TranscriptionOptions } from './options/transcription-options.ts';
import type { Arithmetic, EngineMemory, LoadedModel } from './residency.ts';
import type { Segment, Transcript } from './transcript.ts';
import type { WireError } from './wire-error.ts';

/** How many windows are decoded together: the more, the faster long recordings are, and the more memory it takes. */
export type DecodingPreset = 'auto' | 'lowMemory' | 'balanced' | 'maxSpeed';

/** How an engine works, for all of its life. */
export interface EngineSetup {
  /** The model that it makes ready when no task asks for another. */
  readonly modelFolder: string;
  /** CPU threads; null for one per core. */
  readonly threads: number | null;
  readonly preset: DecodingPreset;
  readonly arithmetic: Arithmetic;
  /** The engine's own folder; the server process makes and removes it. */
  readonly temporaryFolder: string;
  /** What conversions leave free of the disk. */
  readonly minFreeDiskBytes: number;
}

/** A recording to transcribe. */
export interface EngineTask {
  readonly jobId: string;
  readonly audioPath: string;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
  /** A bulk job lets interactive ones pass between its windows. */
  readonly priority: JobPriority;
}

/** From the server process to the engine process. Only paths and small values cross. */
export type EngineCommand =
  /** The first message. */
  | ({ readonly type: 'start' } & EngineSetup)
  | ({ readonly type: 'transcribe' } & EngineTask)
  /** Makes a model ready ahead of the jobs that use it. */
  | { readonly type: 'load'; readonly loadId: string; readonly modelFolder: string }
  | { readonly type: 'cancel'; readonly jobId: string }
  | { readonly type: 'shut-down' };

/** A heartbeat comes from JavaScript and goes on while the native threads are stuck; this tells. */
export interface EngineProgress {
  readonly isWorking: boolean;
  /** Steps taken since the process began. */
  readonly steps: number;
}

/** From the engine process to the server process. */
export type EngineEvent =
  | { readonly type: 'model-loading'; readonly modelFolder: string; readonly progress: number }
  /** Another model than before is resident and warm. */
  | { readonly type: 'model-ready'; readonly model: LoadedModel }
  /** No model is resident: the last one made way for another, or loading another for a job failed. */
  | { readonly type: 'model-unloaded' }
  | { readonly type: 'engine-failed'; readonly error: WireError }
  | { readonly type: 'heartbeat'; readonly memory: EngineMemory; readonly progress: EngineProgress }
  /** A converter reads a recording, in a sandbox or without one. */
  | { readonly type: 'converter-started'; readonly executable: string; readonly isConfined: boolean }
  | { readonly type: 'load-done'; readonly loadId: string; readonly model: LoadedModel }
  | { readonly type: 'load-failed'; readonly loadId: string; readonly error: WireError }
  | { readonly type: 'job-started'; readonly jobId: string }
  /** The job lets another pass; nothing of it is at work. */
  | { readonly type: 'job-paused'; readonly jobId: string }
  /** The engine goes on with a job that let another pass. */
  | { readonly type: 'job-resumed'; readonly jobId: string }
  | { readonly type: 'audio-opened'; readonly jobId: string; readonly audio: AudioSummary }
  | {
      readonly type: 'language-detected';
      readonly jobId: string;
      readonly language: string;
      readonly probability: number;
    }
  /** All text so far of the window that is being decoded. */
  | { readonly type: 'text-partial'; readonly jobId: string; readonly startSeconds: number; readonly text: string }
  | {
      readonly type: 'segments-decoded';
      readonly jobId: string;
      readonly segments: readonly Segment[];
      readonly processedSeconds: number;
    }
  | { readonly type: 'job-done'; readonly jobId: string; readonly result: Transcript }
  | { readonly type: 'job-failed'; readonly jobId: string; readonly error: WireError };

import type { JobPriority } from './job.ts';
import type { AudioSummary } from './job-events.ts';
import type { TranscriptionOptions } from './options/transcription-options.ts';
import type { Arithmetic, EngineMemory, LoadedModel, ResidentModel } from './residency.ts';
import type { Segment, Transcript } from './transcript.ts';
import type { WireError } from './wire-error.ts';
import type { DictionaryEntry } from './words.ts';

/** How many windows are decoded together. More makes long recordings faster and needs more memory. */
export type DecodingPreset = 'auto' | 'lowMemory' | 'balanced' | 'maxSpeed';

/** Which models stay in memory; may change while an engine runs. */
export interface Retention {
  /** What the engine may take with all its models; null for half of the device's memory. */
  readonly memoryBudgetBytes: number | null;
  /** Models that only `unload` closes. */
  readonly keptFolders: readonly string[];
  /** How long an idle model stays beside others; null means until one needs its memory. */
  readonly keepAliveMs: number | null;
}

/** What an engine is told when it starts. All but the retention stays the same for its whole life. */
export interface EngineSetup extends Retention {
  /** The model to load if no task asks for another. */
  readonly modelFolder: string;
  /** A smaller model that guesses what others say; null for none. */
  readonly draftFolder: string | null;
  /** CPU threads; null for one per core. */
  readonly threads: number | null;
  readonly preset: DecodingPreset;
  readonly arithmetic: Arithmetic;
  /** The engine's own folder, created and removed by the server process. */
  readonly temporaryFolder: string;
  /** What was measured of models on this machine. */
  readonly choicesFile: string;
  /** Disk space that conversions must leave free. */
  readonly minFreeDiskBytes: number;
}

/** A recording to transcribe. */
export interface EngineTask {
  readonly jobId: string;
  readonly audioPath: string;
  /** Set for an upload: it lies in the daemon's home, which may be behind a link. No other path is to lead over one. */
  readonly followLinks?: boolean;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
  /** A bulk job lets interactive jobs go first between its windows. */
  readonly priority: JobPriority;
  /** Names and terms to recognise; not set where there are none, or nobody wants them. */
  readonly dictionary?: readonly DictionaryEntry[];
  /** Set where the recording is a WAV file that still grows. */
  readonly live?: LiveTask;
}

/** How a live session is cut into utterances. */
export interface LiveTurns {
  /** `voice`: a silence ends an utterance. `marks`: only the client does. */
  readonly detection: 'voice' | 'marks';
  /** A silence of this length ends an utterance. Null: the option `vadMinSilence`. */
  readonly silenceSeconds: number | null;
  /** Kept before an utterance. Null: the option `vadPad`. */
  readonly paddingSeconds: number | null;
}

/** What the client said at a place in the sound: that an utterance ends, or that nobody wants what came before. */
export interface LiveMark {
  readonly type: 'commit' | 'clear';
  /** In the file. */
  readonly atByte: number;
}

/** How far the sound of a live session has come. */
export interface LiveProgress {
  /** Bytes of the file that may be read. */
  readonly byteCount: number;
  /** No more comes. */
  readonly isEnded: boolean;
  readonly marks: readonly LiveMark[];
}

/** What has changed of it: marks that were told before are not told again. */
export interface LiveNews extends Omit<LiveProgress, 'marks'> {
  readonly newMarks: readonly LiveMark[];
}

/** What an engine that died had made of a live session. */
export interface LiveResume {
  /** Everything before was committed, or holds no speech. */
  readonly fromSeconds: number;
  /** Whether an utterance goes on there. */
  readonly isSpeaking: boolean;
  readonly segments: readonly Segment[];
  /** As detected; null where it was not yet, or given. */
  readonly language: string | null;
  readonly languageProbability: number | null;
}

export interface LiveTask {
  readonly progress: LiveProgress;
  readonly turns: LiveTurns;
  readonly resume: LiveResume | null;
}

/** From the server process to the engine process. Only paths and small values are sent. */
export type EngineCommand =
  /** The first message. */
  | ({ readonly type: 'start' } & EngineSetup)
  | ({ readonly type: 'transcribe' } & EngineTask)
  /** Loads a model before jobs need it. */
  | { readonly type: 'load'; readonly loadId: string; readonly modelFolder: string }
  /** More of a live session's sound is there. */
  | { readonly type: 'live-grown'; readonly jobId: string; readonly news: LiveNews }
  | { readonly type: 'cancel'; readonly jobId: string }
  | ({ readonly type: 'retain' } & Retention)
  /** Closes a model that nobody uses; null for all of them but those that are kept. */
  | { readonly type: 'unload'; readonly unloadId: string; readonly modelFolder: string | null }
  | { readonly type: 'shut-down' };

/** Heartbeats come from JavaScript and continue even if the native threads are stuck. This value shows it. */
export interface EngineProgress {
  readonly isWorking: boolean;
  /** Steps taken since the process began. */
  readonly steps: number;
}

/** Why a model goes: for another one, idle for too long, other files in its folder, or on request. */
export type ModelClosing = 'memory' | 'expired' | 'replaced' | 'asked';

export interface ModelsInMemory {
  /** The one used last first. */
  readonly models: readonly Omit<ResidentModel, 'expiresAt'>[];
  readonly memoryBudgetBytes: number;
  /** What the engine takes with them. */
  readonly memory: EngineMemory;
}

/** From the engine process to the server process. */
export type EngineEvent =
  | { readonly type: 'model-loading'; readonly modelFolder: string; readonly progress: number }
  /** A model is loaded and warmed up. */
  | { readonly type: 'model-ready'; readonly model: LoadedModel }
  /** Loading a model failed; others that are in memory stay. */
  | { readonly type: 'model-not-loaded'; readonly modelFolder: string }
  | { readonly type: 'model-closed'; readonly model: LoadedModel; readonly reason: ModelClosing }
  /** What is in memory, and what of it is used, has changed. */
  | ({ readonly type: 'models-in-memory' } & ModelsInMemory)
  | { readonly type: 'unload-done'; readonly unloadId: string; readonly isClosed: boolean }
  | { readonly type: 'engine-failed'; readonly error: WireError }
  | { readonly type: 'heartbeat'; readonly memory: EngineMemory; readonly progress: EngineProgress }
  /** A converter is reading a recording, in a sandbox or without one. */
  | { readonly type: 'converter-started'; readonly executable: string; readonly isConfined: boolean }
  | { readonly type: 'load-done'; readonly loadId: string; readonly model: LoadedModel }
  | { readonly type: 'load-failed'; readonly loadId: string; readonly error: WireError }
  | { readonly type: 'job-started'; readonly jobId: string }
  /** The job lets others go first. It stands still until it is resumed. */
  | { readonly type: 'job-paused'; readonly jobId: string }
  /** The engine continues a job that let others go first, to its end or for a step. */
  | { readonly type: 'job-resumed'; readonly jobId: string }
  | { readonly type: 'audio-opened'; readonly jobId: string; readonly audio: AudioSummary }
  | {
      readonly type: 'language-detected';
      readonly jobId: string;
      readonly language: string;
      readonly probability: number;
    }
  /** All text so far of the window being decoded. */
  | {
      readonly type: 'text-partial';
      readonly jobId: string;
      readonly startSeconds: number;
      readonly text: string;
      /** Where channels or tracks are told apart. */
      readonly speaker?: string;
    }
  | {
      readonly type: 'segments-decoded';
      readonly jobId: string;
      readonly segments: readonly Segment[];
      readonly processedSeconds: number;
    }
  /** Somebody begins to speak, or has stopped, in a live session. */
  | { readonly type: 'speech-started'; readonly jobId: string; readonly atSeconds: number }
  | { readonly type: 'speech-stopped'; readonly jobId: string; readonly atSeconds: number }
  /** What is said and not committed yet; `agreed` characters at its beginning are what the look before had too. */
  | {
      readonly type: 'text-tentative';
      readonly jobId: string;
      readonly startSeconds: number;
      readonly text: string;
      readonly agreed: number;
    }
  /** A text that does not change any more; its segments were sent before. */
  | {
      readonly type: 'text-committed';
      readonly jobId: string;
      readonly startSeconds: number;
      readonly endSeconds: number;
      readonly text: string;
    }
  | {
      readonly type: 'utterance-done';
      readonly jobId: string;
      readonly startSeconds: number;
      readonly endSeconds: number;
    }
  /** The client gave up what was not committed. */
  | { readonly type: 'audio-dropped'; readonly jobId: string; readonly endSeconds: number }
  | { readonly type: 'job-done'; readonly jobId: string; readonly result: Transcript }
  | { readonly type: 'job-failed'; readonly jobId: string; readonly error: WireError };

/** Events in a list belong together: an engine that dies has sent all of them or none. */
export type EngineMessage = EngineEvent | readonly EngineEvent[];

import type { WireError } from '../errors/wire-error.ts';
import type { EngineEvent, EngineMemory, LoadedModel, TranscriptionResult } from '../messages/engine-messages.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';

export interface EngineTask {
  readonly jobId: string;
  readonly audioPath: string;
  readonly modelFolder: string;
  readonly options: TranscriptionOptions;
}

export interface EngineState {
  readonly status: 'starting' | 'loading' | 'ready' | 'restarting' | 'failed' | 'stopped';
  /** Share of loading and warming done, 0 to 1; null when nothing loads. */
  readonly loadingProgress: number | null;
  readonly model: LoadedModel | null;
  readonly memory: EngineMemory | null;
  readonly processId: number | null;
  readonly restarts: number;
  readonly lastError: WireError | null;
}

/** Keeps one engine process alive and gives it work; the queue in jobs/ decides what runs next. */
export interface Supervisor {
  start(): void;
  /**
   * Runs one task on the engine, starting or restarting it when needed.
   * @throws `ENGINE_CRASHED` when the engine dies under it, `ENGINE_UNAVAILABLE` when it cannot be started, or the task's own error
   */
  run(task: EngineTask, onEvent: (event: EngineEvent) => void): Promise<TranscriptionResult>;
  cancel(jobId: string): void;
  state(): EngineState;
  onStateChange(listener: (state: EngineState) => void): void;
  /** Asks the engine to end, then ends it. */
  stop(): Promise<void>;
}

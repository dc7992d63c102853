import type { HearthError } from '../../errors/hearth-error.ts';
import type {
  EngineEvent,
  EngineSetup,
  EngineTask,
  LiveProgress,
  ModelsInMemory,
} from '../../protocol/engine-messages.ts';
import type { Health } from '../../protocol/health.ts';
import type { EngineMemory, LoadedModel } from '../../protocol/residency.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';

/** What may change while the supervisor works. */
export type EngineSettings = Omit<EngineSetup, 'temporaryFolder' | 'choicesFile'>;

export interface EngineState {
  /** `unloaded`: no engine runs, to save memory; the next task starts one. */
  readonly status: Health['engine']['status'];
  /** The model that is being loaded and warmed up, with the share done from 0 to 1; null when none is. */
  readonly loading: { readonly modelFolder: string; readonly progress: number } | null;
  /** The model that was used last; null while another one is loaded. */
  readonly model: LoadedModel | null;
  /** All that are in memory. */
  readonly models: ModelsInMemory['models'];
  readonly memoryBudgetBytes: number | null;
  /** Why models of the setting `keep` are not in memory, by their folder. */
  readonly notKept: Readonly<Record<string, WireError>>;
  readonly memory: EngineMemory | null;
  readonly processId: number | null;
  readonly restarts: number;
  readonly lastError: WireError | null;
  /** The converter that last ran without a sandbox; null where the last one was in it. */
  readonly unconfinedConverter: string | null;
}

/** Keeps one engine process alive and gives it work; the queue in jobs/ decides what runs next. */
export interface Supervisor {
  start(): void;
  /**
   * Runs one task on the engine, starting or restarting it when needed.
   * @throws `ENGINE_CRASHED` when the engine dies under it, `ENGINE_UNAVAILABLE` when it cannot be started, or the task's own error
   */
  run(task: EngineTask, onEvent: (event: EngineEvent) => void): Promise<Transcript>;
  /** More of a live session's sound is there. */
  grow(jobId: string, progress: LiveProgress): void;
  cancel(jobId: string): void;
  /**
   * Loads a model, and starts the engine if needed; running jobs continue.
   * @throws `MODEL_INVALID`, `MODEL_NOT_FOUND`, `ENGINE_CRASHED`, `ENGINE_UNAVAILABLE`
   */
  load(modelFolder: string): Promise<LoadedModel>;
  /**
   * Frees the memory of one model, or ends the engine until the next task, which frees that of all.
   * @throws `ENGINE_BUSY`
   */
  unload(modelFolder?: string): Promise<void>;
  /** Frees the memory of what nobody uses and the settings do not keep. Says whether there was something. */
  relieve(): Promise<boolean>;
  /** Applies new settings without losing a task: another model is loaded at once, other settings wait until the engine is idle. */
  configure(settings: EngineSettings): void;
  state(): EngineState;
  /** The error that jobs are running without progress; null while there is progress. */
  stall(): WireError | null;
  /** Whether tasks wait for an engine and none is being started. */
  holdsBack(): boolean;
  onStateChange(listener: (state: EngineState) => void): void;
  /** Announces that the daemon is about to stop: no engine is started any more, and a silent one is killed sooner. */
  drain(): void;
  /** Asks the engine to end, then kills it; tasks fail with the reason. */
  stop(reason?: HearthError): Promise<void>;
}

import type { HearthError } from '../../errors/hearth-error.ts';
import type { EngineCommand, EngineEvent, EngineTask, LiveProgress } from '../../protocol/engine-messages.ts';
import type { LoadedModel } from '../../protocol/residency.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { EngineLimits } from './engine-limits.ts';
import { stoppedEngine } from './engine-state.ts';
import type { EngineSettings, EngineState } from './supervisor.ts';

/** The engine process's place in its life cycle. */
export type Phase =
  /** None is running or wanted: before the start, and after the stop. */
  | { readonly name: 'stopped' }
  /** None is running, to save memory. */
  | { readonly name: 'unloaded' }
  /** One is running and loading its first model. */
  | { readonly name: 'starting' }
  | { readonly name: 'ready' }
  /** It was asked to end while it was idle. */
  | { readonly name: 'ending'; readonly next: 'rest' | 'restart' }
  /** It failed, and a timer runs until the next one is started. */
  | { readonly name: 'backing-off'; readonly failed: boolean }
  /** It was asked to end for good. */
  | { readonly name: 'shutting-down' };

/** A task without an answer. */
export interface OpenTask {
  readonly task: EngineTask;
  /** Whether the engine has it. Until then it waits for an engine. */
  readonly isSent: boolean;
  /** Whether the engine is working on it: started and not paused. */
  readonly isActive: boolean;
  /** Whether its recording is open. Before that, a converter with its own limits may be working on it. */
  readonly isOpened: boolean;
  readonly isCancelled: boolean;
}

/** A model that was requested ahead of its tasks and is not ready yet. */
export interface OpenLoad {
  readonly modelFolder: string;
  readonly isSent: boolean;
}

export interface SupervisorState {
  readonly phase: Phase;
  /** No more engines are started: the daemon is about to stop. */
  readonly isDraining: boolean;
  readonly settings: EngineSettings;
  readonly limits: EngineLimits;
  readonly tasks: ReadonlyMap<string, OpenTask>;
  readonly loads: ReadonlyMap<string, OpenLoad>;
  /** The model that the engine was started with. */
  readonly firstModelFolder: string;
  /** Why the engine says it cannot start. */
  readonly startError: WireError | null;
  /** Failures in a row without a finished task between them. */
  readonly failures: number;
  readonly restartsWhenIdle: boolean;
  /** What others can see of it. */
  readonly engine: EngineState;
}

export type SupervisorEvent =
  | { readonly type: 'start' }
  | { readonly type: 'run'; readonly task: EngineTask }
  | { readonly type: 'load'; readonly loadId: string; readonly modelFolder: string }
  | { readonly type: 'grow'; readonly jobId: string; readonly progress: LiveProgress }
  | { readonly type: 'cancel'; readonly jobId: string }
  | { readonly type: 'unload' }
  | { readonly type: 'configure'; readonly settings: EngineSettings; readonly loadId: string }
  | { readonly type: 'drain' }
  | { readonly type: 'stop'; readonly reason: HearthError }
  | { readonly type: 'engine-spawned'; readonly processId: number | null }
  | { readonly type: 'engine-said'; readonly event: EngineEvent }
  /** Sent once for each launched engine, even if the launch failed. */
  | { readonly type: 'engine-ended'; readonly error: WireError }
  | { readonly type: 'rest-time' }
  | { readonly type: 'restart-time' };

/** What has to be done. The code that does it makes no decisions. */
export type Effect =
  | { readonly type: 'launch'; readonly modelFolder: string; readonly settings: EngineSettings }
  | { readonly type: 'end-engine' }
  | { readonly type: 'send'; readonly command: EngineCommand }
  | { readonly type: 'start-rest-timer'; readonly afterMs: number }
  | { readonly type: 'stop-rest-timer' }
  | { readonly type: 'start-restart-timer'; readonly afterMs: number }
  | { readonly type: 'stop-restart-timer' }
  | { readonly type: 'notify-task'; readonly jobId: string; readonly event: EngineEvent }
  | { readonly type: 'resolve-task'; readonly jobId: string; readonly result: Transcript }
  | { readonly type: 'reject-task'; readonly jobId: string; readonly error: HearthError }
  | { readonly type: 'resolve-load'; readonly loadId: string; readonly model: LoadedModel }
  | { readonly type: 'reject-load'; readonly loadId: string; readonly error: HearthError }
  | {
      readonly type: 'log-failure';
      readonly error: WireError;
      readonly failures: number;
      readonly restartInMs: number;
    };

/** The next state, and the effects to run on the way to it, in order. */
export type Step = readonly [SupervisorState, readonly Effect[]];

export function initialState(settings: EngineSettings, limits: EngineLimits): SupervisorState {
  return {
    phase: { name: 'stopped' },
    isDraining: false,
    settings,
    limits,
    tasks: new Map(),
    loads: new Map(),
    firstModelFolder: settings.modelFolder,
    startError: null,
    failures: 0,
    restartsWhenIdle: false,
    engine: stoppedEngine,
  };
}

export function hasEngine({ phase }: SupervisorState): boolean {
  return ['starting', 'ready', 'ending', 'shutting-down'].includes(phase.name);
}

export function hasWork({ tasks, loads }: SupervisorState): boolean {
  return tasks.size > 0 || loads.size > 0;
}

export function isIdle(state: SupervisorState): boolean {
  return state.phase.name === 'ready' && !hasWork(state);
}

/** Whether the engine has work that should progress. A task that waits for a converter, or for sound, does not have to. */
export function hasWorkToMove({ phase, tasks }: SupervisorState): boolean {
  if (phase.name === 'starting') return true;
  const sent = [...tasks.values()].filter(({ isSent, task }) => isSent && task.live === undefined);
  return phase.name === 'ready' && sent.length > 0 && !sent.some(({ isActive, isOpened }) => isActive && !isOpened);
}

/** Whether tasks wait for an engine and none is being started. An engine that is starting is watched separately. */
export function holdsBack({ phase, tasks }: SupervisorState): boolean {
  return phase.name !== 'starting' && [...tasks.values()].some(({ isSent }) => !isSent);
}

/** Combines two steps. */
export function then([state, effects]: Step, next: (state: SupervisorState) => Step): Step {
  const [nextState, nextEffects] = next(state);
  return [nextState, [...effects, ...nextEffects]];
}

import type { HearthError } from '../../errors/hearth-error.ts';
import type { EngineCommand, EngineEvent, EngineTask } from '../../protocol/engine-messages.ts';
import type { LoadedModel } from '../../protocol/residency.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { EngineLimits } from './engine-limits.ts';
import { stoppedEngine } from './engine-state.ts';
import type { EngineSettings, EngineState } from './supervisor.ts';

/** Where the engine process is in its life. */
export type Phase =
  /** None runs, and none is wanted: before the start, and after the stop. */
  | { readonly name: 'stopped' }
  /** None runs, to save memory. */
  | { readonly name: 'unloaded' }
  /** One runs and makes its first model ready. */
  | { readonly name: 'starting' }
  | { readonly name: 'ready' }
  /** It was asked to end while it had nothing to do. */
  | { readonly name: 'ending'; readonly next: 'rest' | 'restart' }
  /** It failed; a timer runs until the next one is started. */
  | { readonly name: 'backing-off'; readonly failed: boolean }
  /** It was asked to end for good. */
  | { readonly name: 'shutting-down' };

/** A task that has no answer yet. */
export interface OpenTask {
  readonly task: EngineTask;
  /** Whether the engine has it; until then it waits for an engine. */
  readonly isSent: boolean;
  /** Whether the engine is at work on it: begun, and not standing still. */
  readonly isActive: boolean;
  /** Whether its recording is open: before that a converter may be at it, which has limits of its own. */
  readonly isOpened: boolean;
  readonly isCancelled: boolean;
}

/** A model that was asked for ahead of its tasks and is not ready yet. */
export interface OpenLoad {
  readonly modelFolder: string;
  readonly isSent: boolean;
}

export interface SupervisorState {
  readonly phase: Phase;
  /** No engine is started any more: the daemon is about to stop. */
  readonly isDraining: boolean;
  readonly settings: EngineSettings;
  readonly limits: EngineLimits;
  readonly tasks: ReadonlyMap<string, OpenTask>;
  readonly loads: ReadonlyMap<string, OpenLoad>;
  /** The model that the engine was started with. */
  readonly firstModelFolder: string;
  /** Why the engine says that it cannot start. */
  readonly startError: WireError | null;
  /** Failures in a row without the end of a task between them. */
  readonly failures: number;
  readonly restartsWhenIdle: boolean;
  /** What others see of it. */
  readonly engine: EngineState;
}

export type SupervisorEvent =
  | { readonly type: 'start' }
  | { readonly type: 'run'; readonly task: EngineTask }
  | { readonly type: 'load'; readonly loadId: string; readonly modelFolder: string }
  | { readonly type: 'cancel'; readonly jobId: string }
  | { readonly type: 'unload' }
  | { readonly type: 'configure'; readonly settings: EngineSettings; readonly loadId: string }
  | { readonly type: 'drain' }
  | { readonly type: 'stop'; readonly reason: HearthError }
  | { readonly type: 'engine-spawned'; readonly processId: number | null }
  | { readonly type: 'engine-said'; readonly event: EngineEvent }
  /** Told once for each engine that was launched, also for one that could not be. */
  | { readonly type: 'engine-ended'; readonly error: WireError }
  | { readonly type: 'rest-time' }
  | { readonly type: 'restart-time' };

/** What is to be done; the one who does it decides nothing. */
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

/** The next state, and what is to be done on the way to it, in order. */
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

/** Whether the engine has something that should take steps. A task that waits behind a converter need not. */
export function hasWorkToMove({ phase, tasks }: SupervisorState): boolean {
  if (phase.name === 'starting') return true;
  const sent = [...tasks.values()].filter(({ isSent }) => isSent);
  return phase.name === 'ready' && sent.length > 0 && !sent.some(({ isActive, isOpened }) => isActive && !isOpened);
}

/** Whether tasks wait for an engine and none is being started. One that starts is watched by itself. */
export function holdsBack({ phase, tasks }: SupervisorState): boolean {
  return phase.name !== 'starting' && [...tasks.values()].some(({ isSent }) => !isSent);
}

/** Two steps as one. */
export function then([state, effects]: Step, next: (state: SupervisorState) => Step): Step {
  const [nextState, nextEffects] = next(state);
  return [nextState, [...effects, ...nextEffects]];
}

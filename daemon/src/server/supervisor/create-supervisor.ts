import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { HearthError } from '../../errors/hearth-error.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { LoadedModel } from '../../protocol/residency.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import { defaultEngineLimits, type EngineLimits } from './engine-limits.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import type { EngineSettings, EngineState, Supervisor } from './supervisor.ts';
import {
  type Effect,
  hasWork,
  hasWorkToMove,
  holdsBack,
  initialState,
  type SupervisorEvent,
} from './supervisor-state.ts';
import { transition } from './transition.ts';

export interface SupervisorRequest extends EngineSettings {
  /** Path of the built `engine/main.js`. */
  readonly engineModule: string;
  /** Where each engine process gets its own folder. */
  readonly temporaryFolder: string;
  readonly choicesFile: string;
  readonly log: Logger;
  readonly limits?: EngineLimits;
  /** Hears of the models that are loaded and closed. */
  readonly onEngineEvent?: (event: EngineEvent) => void;
}

/** The caller that waits for a task or a load. */
interface Waiter<Result> {
  readonly onEvent?: (event: EngineEvent) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: HearthError) => void;
}

/** Creates a supervisor, which starts the engine process and restarts it with growing delays. */
export function createSupervisor(request: SupervisorRequest): Supervisor {
  const { log, limits = defaultEngineLimits } = request;
  const tasks = new Map<string, Waiter<Transcript>>();
  const loads = new Map<string, Waiter<LoadedModel>>();
  /** What is being loaded, by its folder: who wants the same waits for the same. */
  const loading = new Map<string, Promise<LoadedModel>>();
  const unloads = new Map<string, (isClosed: boolean) => void>();
  const listeners: ((state: EngineState) => void)[] = [];
  const events: SupervisorEvent[] = [];
  let isDispatching = false;

  let state = initialState(request, limits);
  let engine: EngineProcess | null = null;
  let ending: Promise<void> = Promise.resolve();
  let restTimer: NodeJS.Timeout | undefined;
  let restartTimer: NodeJS.Timeout | undefined;

  /** Handles one event after the other, also those that an effect causes. */
  function dispatch(event: SupervisorEvent): void {
    events.push(event);
    if (isDispatching) return;
    isDispatching = true;
    try {
      for (let next = events.shift(); next !== undefined; next = events.shift()) advance(next);
    } finally {
      isDispatching = false;
    }
  }

  function advance(event: SupervisorEvent): void {
    const previous = state.engine;
    const [next, effects] = transition(state, event);
    state = next;
    for (const effect of effects) perform(effect);
    const isHeartbeat = event.type === 'engine-said' && event.event.type === 'heartbeat';
    if (state.engine === previous || isHeartbeat) return;
    for (const listener of listeners) listener(state.engine);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        launch(effect.modelFolder, effect.settings);
        break;
      case 'end-engine':
        ending = engine?.end() ?? Promise.resolve();
        break;
      case 'send':
        engine?.send(effect.command);
        break;
      case 'start-rest-timer':
        clearTimeout(restTimer);
        restTimer = setTimeout(() => dispatch({ type: 'rest-time' }), effect.afterMs).unref();
        break;
      case 'stop-rest-timer':
        clearTimeout(restTimer);
        break;
      case 'start-restart-timer':
        clearTimeout(restartTimer);
        restartTimer = setTimeout(() => dispatch({ type: 'restart-time' }), effect.afterMs);
        break;
      case 'stop-restart-timer':
        clearTimeout(restartTimer);
        break;
      case 'notify-task':
        tasks.get(effect.jobId)?.onEvent?.(effect.event);
        break;
      case 'resolve-task':
        take(tasks, effect.jobId)?.resolve(effect.result);
        break;
      case 'reject-task':
        take(tasks, effect.jobId)?.reject(effect.error);
        break;
      case 'resolve-load':
        take(loads, effect.loadId)?.resolve(effect.model);
        break;
      case 'reject-load':
        rejectLoad(effect.loadId, effect.error);
        break;
      case 'log-failure': {
        const { error, failures, restartInMs } = effect;
        log.error({ error, failures, restartInMs }, 'engine failed');
      }
    }
  }

  function launch(firstModelFolder: string, settings: EngineSettings): void {
    try {
      engine = startEngineProcess({
        engineModule: request.engineModule,
        temporaryFolder: request.temporaryFolder,
        limits,
        log,
        isBusy: () => state.phase.name !== 'ready' || hasWork(state),
        isImpatient: () => state.isDraining,
        shouldMove: () => hasWorkToMove(state),
        onEvent: hear,
        onEnd: (reason) => ended(crash(reason)),
      });
    } catch (error) {
      ended(toWireError(error));
      return;
    }
    engine.send({
      type: 'start',
      modelFolder: firstModelFolder,
      threads: settings.threads,
      preset: settings.preset,
      draftFolder: settings.draftFolder,
      arithmetic: settings.arithmetic,
      memoryBudgetBytes: settings.memoryBudgetBytes,
      keptFolders: settings.keptFolders,
      keepAliveMs: settings.keepAliveMs,
      minFreeDiskBytes: settings.minFreeDiskBytes,
      temporaryFolder: engine.temporaryFolder,
      choicesFile: request.choicesFile,
    });
    dispatch({ type: 'engine-spawned', processId: engine.processId });
  }

  function hear(event: EngineEvent): void {
    dispatch({ type: 'engine-said', event });
    request.onEngineEvent?.(event);
    if (event.type === 'unload-done') take(unloads, event.unloadId)?.(event.isClosed);
  }

  /** Resolves when the engine has closed them, or is gone itself. */
  function unloadInEngine(modelFolder: string | null): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    if (engine === null) return Promise.resolve(true);
    const unloadId = randomUUID();
    unloads.set(unloadId, resolve);
    engine.send({ type: 'unload', unloadId, modelFolder });
    return promise;
  }

  async function unloadAll(): Promise<void> {
    if (hasWork(state)) throw busy();
    dispatch({ type: 'unload' });
    await ending;
  }

  function ended(error: WireError): void {
    engine = null;
    for (const unloadId of unloads.keys()) take(unloads, unloadId)?.(true);
    dispatch({ type: 'engine-ended', error });
  }

  /** A load that nobody waits for was caused by changed settings. */
  function rejectLoad(loadId: string, error: HearthError): void {
    const load = take(loads, loadId);
    if (load === null) log.error({ err: error }, 'model not loaded');
    else load.reject(error);
  }

  function beginLoad(modelFolder: string): Promise<LoadedModel> {
    const { promise, resolve, reject } = Promise.withResolvers<LoadedModel>();
    loading.set(modelFolder, promise);
    const forget = () => void loading.delete(modelFolder);
    promise.then(forget, forget);
    const loadId = randomUUID();
    loads.set(loadId, { resolve, reject });
    dispatch({ type: 'load', loadId, modelFolder });
    return promise;
  }

  function isStopping(): boolean {
    return state.phase.name === 'shutting-down' || (state.isDraining && state.phase.name === 'stopped');
  }

  return {
    start: () => dispatch({ type: 'start' }),
    run(task, onEvent) {
      if (isStopping()) return Promise.reject(shuttingDown());
      return new Promise((resolve, reject) => {
        tasks.set(task.jobId, { onEvent, resolve, reject });
        dispatch({ type: 'run', task });
      });
    },
    load(folder) {
      if (isStopping()) return Promise.reject(shuttingDown());
      return loading.get(folder) ?? beginLoad(folder);
    },
    async unload(modelFolder) {
      const { models } = state.engine;
      const isLast = models.every(({ folder }) => folder === modelFolder);
      if (modelFolder === undefined || (isLast && models.length > 0)) return unloadAll();
      if (!models.some(({ folder }) => folder === modelFolder)) return;
      if (!(await unloadInEngine(modelFolder))) throw busy();
    },
    async relieve() {
      const { models } = state.engine;
      const isIdle = models.some((model) => !model.isKept && !model.isInUse);
      if (!isIdle) return false;
      if (!hasWork(state) && !models.some((model) => model.isKept)) await unloadAll();
      // A model in use stays: loading it again would take more memory, not less.
      else if (models.length > 1) await unloadInEngine(null);
      else return false;
      return true;
    },
    configure: (settings) => dispatch({ type: 'configure', settings, loadId: randomUUID() }),
    grow: (jobId, progress) => dispatch({ type: 'grow', jobId, progress }),
    cancel: (jobId) => dispatch({ type: 'cancel', jobId }),
    drain: () => dispatch({ type: 'drain' }),
    state: () => state.engine,
    stall: () => (engine?.isStalled() === true ? stalled() : null),
    holdsBack: () => holdsBack(state),
    onStateChange(listener) {
      listeners.push(listener);
    },
    async stop(reason = shuttingDown()) {
      dispatch({ type: 'stop', reason });
      await ending;
    },
  };
}

function take<Value>(map: Map<string, Value>, key: string): Value | null {
  const value = map.get(key) ?? null;
  map.delete(key);
  return value;
}

function crash(reason: string): WireError {
  return toWireError(new HearthError('ENGINE_CRASHED', `The engine ended: ${reason}.`));
}

function stalled(): WireError {
  return toWireError(new HearthError('ENGINE_STALLED', 'The engine has work to do, but makes no progress.'));
}

function busy(): HearthError {
  return new HearthError('ENGINE_BUSY', 'The engine has work to do.');
}

function shuttingDown(): HearthError {
  return new HearthError('SHUTTING_DOWN', 'Hearth is stopping.');
}

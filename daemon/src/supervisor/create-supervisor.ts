import type { Logger } from 'pino';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError, toWireError, type WireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent } from '../messages/engine-messages.ts';
import { EngineCrash } from './engine-crash.ts';
import { defaultEngineLimits, type EngineLimits } from './engine-limits.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import { engineStateAfter, stoppedEngine } from './engine-state.ts';
import { createPendingLoads } from './pending-loads.ts';
import { restartDelay } from './restart-delay.ts';
import { createRunningTasks } from './running-tasks.ts';
import type { EngineSettings, EngineState, EngineTask, Supervisor } from './supervisor.ts';

/** What an engine is told once, when it starts. */
const startSettings = [
  'threads',
  'preset',
  'arithmetic',
  'minFreeDiskBytes',
] as const satisfies readonly (keyof EngineSettings)[];

export interface SupervisorRequest extends EngineSettings {
  /** Path of the built `engine/main.js`. */
  readonly engineModule: string;
  /** Where each engine process gets a folder of its own. */
  readonly temporaryFolder: string;
  readonly log: Logger;
  readonly limits?: EngineLimits;
}

/** A supervisor that starts the engine process, restarts it with growing delays and tells why when it cannot. */
export function createSupervisor(request: SupervisorRequest): Supervisor {
  const { log, limits = defaultEngineLimits } = request;
  const tasks = createRunningTasks();
  const loads = createPendingLoads();
  const listeners: ((state: EngineState) => void)[] = [];

  let settings: EngineSettings = request;
  let state = stoppedEngine;
  let engine: EngineProcess | null = null;
  /** Whether the engine said that it takes tasks. */
  let takesTasks = false;
  /** The model that the engine was started with. */
  let firstModelFolder = request.modelFolder;
  let startError: WireError | null = null;
  let failures = 0;
  let restarts = 0;
  let restartTimer: NodeJS.Timeout | undefined;
  let stopping = false;
  /** What follows when the engine has ended as it was asked to. */
  let ending: 'rest' | 'restart' | null = null;
  let restartsWhenIdle = false;
  let restTimer: NodeJS.Timeout | undefined;

  function update(change: Partial<EngineState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }

  function send(command: EngineCommand): void {
    engine?.send(command);
  }

  function launch(): void {
    clearTimeout(restartTimer);
    takesTasks = false;
    startError = null;
    restartsWhenIdle = false;
    firstModelFolder = tasks.firstWaiting()?.modelFolder ?? loads.firstWaiting() ?? settings.modelFolder;
    try {
      engine = startEngineProcess({
        engineModule: request.engineModule,
        temporaryFolder: request.temporaryFolder,
        limits,
        log,
        isBusy: () => !takesTasks || tasks.size > 0 || loads.size > 0,
        onEvent: handleEvent,
        onEnd: handleEnd,
      });
    } catch (error) {
      fail(toWireError(error));
      return;
    }
    send({
      type: 'start',
      modelFolder: firstModelFolder,
      threads: settings.threads,
      preset: settings.preset,
      arithmetic: settings.arithmetic,
      temporaryFolder: engine.temporaryFolder,
      minFreeDiskBytes: settings.minFreeDiskBytes,
    });
    update({ status: 'starting', processId: engine.processId, restarts });
  }

  function handleEvent(event: EngineEvent): void {
    const next = engineStateAfter(state, event);
    if (event.type === 'heartbeat') state = next;
    else if (next !== state) update(next);
    if (event.type === 'engine-failed') {
      startError = event.error;
      void engine?.end();
    }
    if (event.type === 'job-done' || event.type === 'job-failed') failures = 0;
    tasks.handle(event);
    loads.handle(event);
    if (event.type === 'engine-ready' && ending === null) {
      takesTasks = true;
      tasks.sendWaiting(send);
      loads.sendWaiting(send);
    }
    if (event.type !== 'heartbeat' && isIdle()) becomeIdle();
  }

  function isIdle(): boolean {
    return takesTasks && tasks.size === 0 && loads.size === 0;
  }

  function becomeIdle(): void {
    if (restartsWhenIdle) void end('restart');
    else planRest();
  }

  function planRest(): void {
    clearTimeout(restTimer);
    if (settings.keepAliveMs === null) return;
    restTimer = setTimeout(() => {
      if (isIdle()) void end('rest');
    }, settings.keepAliveMs).unref();
  }

  /** Ends an idle engine; what comes meanwhile waits for the next one. */
  async function end(next: 'rest' | 'restart'): Promise<void> {
    ending = next;
    takesTasks = false;
    await engine?.end();
  }

  function handleEnd(reason: string): void {
    engine = null;
    takesTasks = false;
    if (stopping) return;
    if (ending !== null) {
      const isWanted = ending === 'restart' || tasks.size > 0 || loads.size > 0;
      ending = null;
      update({ status: 'unloaded', loadingProgress: null, model: null, memory: null, processId: null });
      if (isWanted) launch();
      return;
    }
    fail(
      startError ??
        toWireError(
          new HearthError('ENGINE_CRASHED', `Expected the engine to keep running, got its end by ${reason}.`),
        ),
    );
  }

  function fail(error: WireError): void {
    failures += 1;
    const failed = startError !== null || failures >= limits.failuresInARow;
    tasks.reject((task, blame) => {
      if (blame !== null) return new EngineCrash({ ...error, blame });
      return failed ? refusal(task, error) : null;
    });
    loads.reject(fromWireError(error));
    const delayMs = failed && tasks.size > 0 ? 0 : restartDelay(failures, limits);
    restarts += 1;
    restartTimer = setTimeout(launch, delayMs);
    log.error({ error, failures, restartInMs: delayMs }, 'engine failed');
    update({
      status: failed ? 'failed' : 'restarting',
      loadingProgress: null,
      model: null,
      memory: null,
      processId: null,
      lastError: error,
    });
  }

  /** Why a waiting task cannot run; null when only another task's model stood in its way. */
  function refusal(task: EngineTask, error: WireError): HearthError | null {
    if (error.code.startsWith('MODEL_')) return task.modelFolder === firstModelFolder ? fromWireError(error) : null;
    return new HearthError('ENGINE_UNAVAILABLE', `Expected a running engine, got this failure: ${error.message}`, {
      hint: error.hint,
    });
  }

  function launchIfNone(): void {
    if (engine === null && state.status !== 'restarting') launch();
  }

  return {
    start() {
      if (engine === null && !stopping) launch();
    },
    run(task, onEvent) {
      if (stopping) return Promise.reject(shuttingDown());
      const result = tasks.add(task, onEvent);
      if (takesTasks) tasks.sendWaiting(send);
      else launchIfNone();
      return result;
    },
    load(modelFolder) {
      if (stopping) return Promise.reject(shuttingDown());
      const loaded = loads.add(modelFolder);
      if (takesTasks) loads.sendWaiting(send);
      else launchIfNone();
      return loaded;
    },
    warm() {
      if (stopping) return;
      if (isIdle()) planRest();
      else launchIfNone();
    },
    async unload() {
      if (tasks.size > 0 || loads.size > 0) throw busy();
      clearTimeout(restartTimer);
      clearTimeout(restTimer);
      if (engine === null) update({ status: 'unloaded' });
      else await end('rest');
    },
    configure(next) {
      const previous = settings;
      settings = next;
      if (isIdle()) planRest();
      if (engine === null || stopping) return;
      if (startSettings.some((name) => next[name] !== previous[name])) {
        restartsWhenIdle = true;
        if (isIdle()) becomeIdle();
      } else if (next.modelFolder !== previous.modelFolder) {
        this.load(next.modelFolder).catch((error: unknown) => log.error({ err: error }, 'model not loaded'));
      }
    },
    cancel(jobId) {
      tasks.cancel(jobId, send);
    },
    state: () => state,
    onStateChange(listener) {
      listeners.push(listener);
    },
    async stop(reason = shuttingDown()) {
      stopping = true;
      clearTimeout(restartTimer);
      clearTimeout(restTimer);
      tasks.reject(() => reason);
      loads.reject(reason);
      await engine?.end();
      update({ ...stoppedEngine, restarts: state.restarts, lastError: state.lastError });
    },
  };
}

function busy(): HearthError {
  return new HearthError('ENGINE_BUSY', 'Expected an idle engine, got one that has work.');
}

function shuttingDown(): HearthError {
  return new HearthError('SHUTTING_DOWN', 'Expected a running engine, got the shut-down of Hearth.');
}

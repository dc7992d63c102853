import { join } from 'node:path';
import type { Logger } from 'pino';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError, toWireError, type WireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent } from '../messages/engine-messages.ts';
import { defaultEngineLimits, type EngineLimits } from './engine-limits.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import { engineStateAfter, stoppedEngine } from './engine-state.ts';
import { restartDelay } from './restart-delay.ts';
import { createRunningTasks } from './running-tasks.ts';
import type { EngineState, EngineTask, Supervisor } from './supervisor.ts';

export interface SupervisorRequest {
  /** Path of the built `engine/main.js`. */
  readonly engineModule: string;
  /** The model that a fresh engine makes ready when no task asks for another. */
  readonly modelFolder: string;
  /** CPU threads; null for one per core. */
  readonly threads: number | null;
  /** Where the engine's own folder, `engine`, is created and emptied. */
  readonly temporaryFolder: string;
  readonly log: Logger;
  readonly limits?: EngineLimits;
}

/** A supervisor that starts the engine process, restarts it with growing delays and tells why when it cannot. */
export function createSupervisor(request: SupervisorRequest): Supervisor {
  const { log, limits = defaultEngineLimits } = request;
  const engineFolder = join(request.temporaryFolder, 'engine');
  const tasks = createRunningTasks();
  const listeners: ((state: EngineState) => void)[] = [];

  let state = stoppedEngine;
  let engine: EngineProcess | null = null;
  /** Whether the engine said that it takes tasks. */
  let takesTasks = false;
  /** The model that the engine was started with. */
  let firstModelFolder = request.modelFolder;
  let startError: WireError | null = null;
  let failures = 0;
  let launches = 0;
  let restartTimer: NodeJS.Timeout | undefined;
  let stopping = false;

  function update(change: Partial<EngineState>): void {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }

  function send(command: EngineCommand): void {
    engine?.send(command);
  }

  function launch(): void {
    clearTimeout(restartTimer);
    launches += 1;
    takesTasks = false;
    startError = null;
    firstModelFolder = tasks.firstWaiting()?.modelFolder ?? request.modelFolder;
    try {
      engine = startEngineProcess({
        engineModule: request.engineModule,
        temporaryFolder: engineFolder,
        limits,
        log,
        isBusy: () => !takesTasks || tasks.size > 0,
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
      threads: request.threads,
      temporaryFolder: engineFolder,
    });
    update({ status: 'starting', processId: engine.processId, restarts: launches - 1 });
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
    if (event.type === 'engine-ready') {
      takesTasks = true;
      tasks.sendWaiting(send);
    }
  }

  function handleEnd(reason: string): void {
    engine = null;
    if (stopping) return;
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
    tasks.reject((task, sent) => {
      if (sent) return fromWireError(error);
      return failed ? refusal(task, error) : null;
    });
    const delayMs = failed && tasks.size > 0 ? 0 : restartDelay(failures, limits);
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

  return {
    start() {
      if (engine === null && !stopping) launch();
    },
    run(task, onEvent) {
      if (stopping) return Promise.reject(shuttingDown());
      const result = tasks.add(task, onEvent);
      if (takesTasks && engine !== null) tasks.sendWaiting(send);
      else if (engine === null && state.status !== 'restarting') launch();
      return result;
    },
    cancel(jobId) {
      tasks.cancel(jobId, send);
    },
    state: () => state,
    onStateChange(listener) {
      listeners.push(listener);
    },
    async stop() {
      stopping = true;
      clearTimeout(restartTimer);
      tasks.reject(shuttingDown);
      await engine?.end();
      update({ ...stoppedEngine, restarts: state.restarts, lastError: state.lastError });
    },
  };
}

function shuttingDown(): HearthError {
  return new HearthError('SHUTTING_DOWN', 'Expected a running engine, got the shut-down of Hearth.');
}

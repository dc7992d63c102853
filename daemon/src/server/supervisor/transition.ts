import type { EngineEvent, Retention } from '../../protocol/engine-messages.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import { restartDelay } from './engine-limits.ts';
import { engineStateAfter, stoppedEngine } from './engine-state.ts';
import {
  addTask,
  cancelTask,
  failWork,
  firstWaitingModel,
  growTask,
  handleWorkEvent,
  loadKept,
  rejectWork,
  sendWaiting,
} from './open-work.ts';
import type { EngineSettings } from './supervisor.ts';
import {
  type Effect,
  hasEngine,
  hasWork,
  isIdle,
  type Step,
  type SupervisorEvent,
  type SupervisorState,
  then,
} from './supervisor-state.ts';

/** What an engine is told once, when it starts. */
const startSettings = [
  'draftFolder',
  'threads',
  'preset',
  'arithmetic',
  'minFreeDiskBytes',
] as const satisfies readonly (keyof EngineSettings)[];

/** What it is told again when it changes. */
const retentionSettings = [
  'memoryBudgetBytes',
  'keptFolders',
  'keepAliveMs',
] as const satisfies readonly (keyof Retention)[];

/** The whole of what a supervisor decides: no clock, no process, no promise. */
export function transition(state: SupervisorState, event: SupervisorEvent): Step {
  switch (event.type) {
    case 'start':
      return hasEngine(state) ? [state, []] : launch(state);
    case 'run':
      return then(addTask(state, event.task), serve);
    case 'load':
      return then([withLoad(state, event), []], serve);
    case 'grow':
      return growTask(state, event);
    case 'cancel':
      return cancelTask(state, event.jobId);
    case 'unload':
      return unload(state);
    case 'configure':
      return configure(state, event);
    case 'drain':
      return [{ ...state, isDraining: true }, []];
    case 'stop':
      return stop(state, event.reason);
    case 'engine-spawned':
      return [{ ...state, engine: { ...state.engine, processId: event.processId } }, []];
    case 'engine-said':
      return hear(state, event.event);
    case 'engine-ended':
      return engineEnded(state, event.error);
    case 'rest-time':
      return isIdle(state) ? end(state, 'rest') : [state, []];
    case 'restart-time':
      return state.phase.name === 'backing-off' ? launch(state) : [state, []];
  }
}

function withLoad(state: SupervisorState, load: { readonly loadId: string; readonly modelFolder: string }) {
  const loads = new Map(state.loads).set(load.loadId, { modelFolder: load.modelFolder, isSent: false });
  return { ...state, loads };
}

function serve(state: SupervisorState): Step {
  return state.phase.name === 'ready' ? sendWaiting(state) : launchIfNone(state);
}

/** An engine that only just crashed is not started before its time; one that failed is, since its cause may be gone. */
function launchIfNone(state: SupervisorState): Step {
  const { phase } = state;
  const isWaiting = phase.name === 'backing-off' && !phase.failed;
  return hasEngine(state) || isWaiting ? [state, []] : launch(state);
}

function launch(state: SupervisorState): Step {
  const { settings, engine } = state;
  const modelFolder = firstWaitingModel(state) ?? settings.modelFolder;
  const restarts = engine.restarts + (state.phase.name === 'backing-off' ? 1 : 0);
  return [
    {
      ...state,
      phase: { name: 'starting' },
      startError: null,
      restartsWhenIdle: false,
      firstModelFolder: modelFolder,
      engine: { ...engine, status: 'starting', restarts },
    },
    [{ type: 'stop-restart-timer' }, { type: 'launch', modelFolder, settings }],
  ];
}

function hear(state: SupervisorState, event: EngineEvent): Step {
  const heard = { ...state, engine: engineStateAfter(state.engine, event) };
  if (event.type === 'heartbeat' || state.phase.name === 'shutting-down') return [heard, []];
  if (event.type === 'engine-failed') return [{ ...heard, startError: event.error }, [{ type: 'end-engine' }]];
  const isEnd = event.type === 'job-done' || event.type === 'job-failed';
  const step = handleWorkEvent(isEnd ? { ...heard, failures: 0 } : heard, event);
  const readied = event.type === 'model-ready' ? then(step, becomeReady) : step;
  return then(readied, (next) => (isIdle(next) ? becomeIdle(next) : [next, []]));
}

function becomeReady(state: SupervisorState): Step {
  if (state.phase.name !== 'starting') return [state, []];
  return sendWaiting(loadKept({ ...state, phase: { name: 'ready' } }));
}

function becomeIdle(state: SupervisorState): Step {
  return state.restartsWhenIdle ? end(state, 'restart') : planRest(state);
}

function planRest(state: SupervisorState): Step {
  const { keepAliveMs } = state.settings;
  const isKept = state.engine.models.some((model) => model.isKept);
  return [
    state,
    keepAliveMs === null || isKept
      ? [{ type: 'stop-rest-timer' }]
      : [{ type: 'start-rest-timer', afterMs: keepAliveMs }],
  ];
}

/** Ends an idle engine; what comes meanwhile waits for the next one. */
function end(state: SupervisorState, next: 'rest' | 'restart'): Step {
  return [{ ...state, phase: { name: 'ending', next } }, [{ type: 'end-engine' }]];
}

function unload(state: SupervisorState): Step {
  const stopTimers: readonly Effect[] = [{ type: 'stop-restart-timer' }, { type: 'stop-rest-timer' }];
  if (hasWork(state) || state.isDraining) return [state, []];
  if (!hasEngine(state)) return [withoutEngine(state, { name: 'unloaded' }), stopTimers];
  // One that starts has no work either; it ends as one that rests does.
  return then([state, stopTimers], (next) => end(next, 'rest'));
}

function configure(
  state: SupervisorState,
  { settings, loadId }: { readonly settings: EngineSettings; readonly loadId: string },
): Step {
  const previous = state.settings;
  const rested: Step = then([{ ...state, settings }, []], (next) => (isIdle(next) ? planRest(next) : [next, []]));
  if (!hasEngine(state) || state.phase.name === 'shutting-down') return rested;
  const step = then(rested, (next) => retain(next, previous));
  if (startSettings.some((name) => settings[name] !== previous[name])) {
    return then(step, (next) => {
      const marked = { ...next, restartsWhenIdle: true };
      return isIdle(marked) ? becomeIdle(marked) : [marked, []];
    });
  }
  if (settings.modelFolder === previous.modelFolder) return step;
  return then(step, (next) => serve(withLoad(next, { loadId, modelFolder: settings.modelFolder })));
}

function retain(state: SupervisorState, previous: EngineSettings): Step {
  const { memoryBudgetBytes, keptFolders, keepAliveMs } = state.settings;
  const isSame = (name: keyof Retention) => JSON.stringify(state.settings[name]) === JSON.stringify(previous[name]);
  if (retentionSettings.every(isSame)) return [state, []];
  const command = { type: 'retain', memoryBudgetBytes, keptFolders, keepAliveMs } as const;
  const told: Step = [{ ...state, engine: { ...state.engine, notKept: {} } }, [{ type: 'send', command }]];
  return state.phase.name === 'ready' ? then(told, (next) => sendWaiting(loadKept(next))) : told;
}

function stop(state: SupervisorState, reason: Parameters<typeof rejectWork>[1]): Step {
  const [next, effects] = rejectWork({ ...state, isDraining: true }, reason);
  const timers: readonly Effect[] = [{ type: 'stop-restart-timer' }, { type: 'stop-rest-timer' }];
  if (!hasEngine(state)) return [withoutEngine(next, { name: 'stopped' }), [...timers, ...effects]];
  return [{ ...next, phase: { name: 'shutting-down' } }, [...timers, ...effects, { type: 'end-engine' }]];
}

function engineEnded(state: SupervisorState, error: WireError): Step {
  const { phase } = state;
  if (phase.name === 'shutting-down') return [withoutEngine(state, { name: 'stopped' }), []];
  if (phase.name !== 'ending') return fail(state, state.startError ?? error);
  const rested = withoutEngine(state, { name: 'unloaded' });
  return phase.next === 'restart' || hasWork(state) ? launch(rested) : [rested, []];
}

function fail(state: SupervisorState, error: WireError): Step {
  const { limits, startError } = state;
  // A crash under work is that work's to answer for; it says nothing about whether an engine can run.
  const isUnderWork = state.phase.name === 'ready' && [...state.tasks.values()].some(({ isActive }) => isActive);
  const failures = isUnderWork ? Math.min(state.failures + 1, 2) : state.failures + 1;
  const failed = startError !== null || (!isUnderWork && failures >= limits.failuresInARow);
  const isGivenUp = failed || state.isDraining;
  return then(failWork({ ...state, failures }, error, isGivenUp), (next) => {
    const engine = {
      ...withoutEngine(next, next.phase).engine,
      status: failed ? ('failed' as const) : ('restarting' as const),
      lastError: error,
    };
    if (state.isDraining) return [{ ...next, engine, phase: { name: 'stopped' } }, []];
    const afterMs = failed && next.tasks.size > 0 ? 0 : restartDelay(failures, limits);
    return [
      { ...next, engine, phase: { name: 'backing-off', failed } },
      [
        { type: 'log-failure', error, failures, restartInMs: afterMs },
        { type: 'start-restart-timer', afterMs },
      ],
    ];
  });
}

function withoutEngine(state: SupervisorState, phase: SupervisorState['phase']): SupervisorState {
  const status = phase.name === 'stopped' ? 'stopped' : 'unloaded';
  const { restarts, lastError, unconfinedConverter, notKept } = state.engine;
  return { ...state, phase, engine: { ...stoppedEngine, status, restarts, lastError, unconfinedConverter, notKept } };
}

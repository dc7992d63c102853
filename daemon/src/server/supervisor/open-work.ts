import { HearthError } from '../../errors/hearth-error.ts';
import type { EngineEvent, EngineTask, LiveProgress } from '../../protocol/engine-messages.ts';
import { fromWireError, type WireError } from '../../protocol/wire-error.ts';
import { type Blame, EngineCrash } from './engine-crash.ts';
import { type Effect, hasEngine, type OpenTask, type Step, type SupervisorState } from './supervisor-state.ts';

/** Sends every waiting task and load to a ready engine. */
export function sendWaiting(state: SupervisorState): Step {
  if (state.phase.name !== 'ready') return [state, []];
  const tasks = new Map(state.tasks);
  const loads = new Map(state.loads);
  const effects: Effect[] = [];
  for (const [jobId, open] of tasks) {
    if (open.isSent) continue;
    tasks.set(jobId, { ...open, isSent: true });
    effects.push({ type: 'send', command: { type: 'transcribe', ...open.task } });
  }
  for (const [loadId, { modelFolder, isSent }] of loads) {
    if (isSent) continue;
    loads.set(loadId, { modelFolder, isSent: true });
    effects.push({ type: 'send', command: { type: 'load', loadId, modelFolder } });
  }
  return [{ ...state, tasks, loads }, effects];
}

/** Has the models of the setting `keep` loaded that are not in memory, but for one that an engine died of. */
export function loadKept(state: SupervisorState): SupervisorState {
  const { models } = state.engine;
  const fatal = Object.entries(state.engine.notKept).filter(([, { code }]) => code === 'ENGINE_CRASHED');
  const notKept = Object.fromEntries(fatal);
  const missing = state.settings.keptFolders.filter((folder) => {
    return !(folder in notKept) && !models.some((model) => model.folder === folder);
  });
  const loads = new Map(state.loads);
  for (const modelFolder of missing) {
    const loadId = keptLoadId(modelFolder);
    if (!loads.has(loadId)) loads.set(loadId, { modelFolder, isSent: false });
  }
  return { ...state, loads, engine: { ...state.engine, notKept } };
}

/** Nobody waits for such a load. */
function keptLoadId(modelFolder: string): string {
  return `keep:${modelFolder}`;
}

/** The model that something waits for; null when nothing does. */
export function firstWaitingModel({ tasks, loads }: SupervisorState): string | null {
  const task = [...tasks.values()].find(({ isSent }) => !isSent);
  const load = [...loads.values()].find(({ isSent }) => !isSent);
  return task?.task.modelFolder ?? load?.modelFolder ?? null;
}

export function addTask(state: SupervisorState, task: EngineTask): Step {
  const { jobId, modelFolder } = task;
  const open = { task, isSent: false, isActive: false, isOpened: false, isCancelled: false };
  const { loading } = state.engine;
  const isLoading = loading?.modelFolder === modelFolder;
  return [
    { ...state, tasks: new Map(state.tasks).set(jobId, open) },
    isLoading ? [{ type: 'notify-task', jobId, event: { type: 'model-loading', ...loading } }] : [],
  ];
}

/** Tells an engine that has a live session how far its sound has come; one that gets it later is told then. */
export function growTask(
  state: SupervisorState,
  { jobId, progress }: { readonly jobId: string; readonly progress: LiveProgress },
): Step {
  const open = state.tasks.get(jobId);
  if (open?.task.live === undefined) return [state, []];
  const task = { ...open.task, live: { ...open.task.live, progress } };
  const tasks = new Map(state.tasks).set(jobId, { ...open, task });
  const { byteCount, isEnded, marks } = progress;
  const newMarks = marks.slice(open.task.live.progress.marks.length);
  const command = { type: 'live-grown', jobId, news: { byteCount, isEnded, newMarks } } as const;
  return [{ ...state, tasks }, open.isSent && hasEngine(state) ? [{ type: 'send', command }] : []];
}

export function cancelTask(state: SupervisorState, jobId: string): Step {
  const open = state.tasks.get(jobId);
  if (open === undefined || open.isCancelled) return [state, []];
  const cancelled = { ...open, isCancelled: true };
  if (!open.isSent) return endTask(state, cancelled, cancelledError(jobId));
  const tasks = new Map(state.tasks).set(jobId, cancelled);
  const command = { type: 'cancel', jobId } as const;
  return [{ ...state, tasks }, hasEngine(state) ? [{ type: 'send', command }] : []];
}

/** Reports the progress of a model to the tasks that wait for it. */
function notifyOfModel(state: SupervisorState, modelFolder: string, event: EngineEvent): Step {
  const waiting = [...state.tasks.values()].filter((open) => open.task.modelFolder === modelFolder && !open.isOpened);
  return [state, waiting.map(({ task: { jobId } }) => ({ type: 'notify-task', jobId, event }))];
}

/** Passes an event of the engine about a task, a load or a model to those who wait for it. */
export function handleWorkEvent(state: SupervisorState, event: EngineEvent): Step {
  if (event.type === 'model-loading') return notifyOfModel(state, event.modelFolder, event);
  if (event.type === 'model-ready') return notifyOfModel(state, event.model.folder, event);
  if (event.type === 'load-done' || event.type === 'load-failed') {
    const { loadId } = event;
    if (!state.loads.has(loadId)) return [state, []];
    const modelFolder = state.loads.get(loadId)?.modelFolder ?? '';
    const loads = new Map(state.loads);
    loads.delete(loadId);
    if (event.type === 'load-done') {
      return [{ ...state, loads }, [{ type: 'resolve-load', loadId, model: event.model }]];
    }
    const isKept = loadId === keptLoadId(modelFolder);
    const notKept = { ...state.engine.notKept, ...(isKept && { [modelFolder]: event.error }) };
    const effect: Effect = { type: 'reject-load', loadId, error: fromWireError(event.error) };
    return [{ ...state, loads, engine: { ...state.engine, notKept } }, [effect]];
  }
  const open = 'jobId' in event ? state.tasks.get(event.jobId) : undefined;
  if (open === undefined) return [state, []];
  const { jobId } = open.task;
  const notice: Effect = { type: 'notify-task', jobId, event };
  if (event.type === 'job-failed') {
    const [next, effects] = endTask(state, open, fromWireError(event.error));
    return [next, [notice, ...effects]];
  }
  const tasks = new Map(state.tasks);
  if (event.type === 'job-done') {
    tasks.delete(jobId);
    return [{ ...state, tasks }, [notice, { type: 'resolve-task', jobId, result: event.result }]];
  }
  const isActive = event.type === 'job-paused' ? false : open.isActive || isBeginning(event);
  tasks.set(jobId, { ...open, isActive, isOpened: open.isOpened || event.type === 'audio-opened' });
  return [{ ...state, tasks }, [notice]];
}

function isBeginning({ type }: EngineEvent): boolean {
  return type === 'job-started' || type === 'job-resumed';
}

/** Fails what the engine had when it crashed and, if no engine will follow, what waits for one. */
export function failWork(state: SupervisorState, error: WireError, isGivenUp: boolean): Step {
  const atWork = [...state.tasks.values()].filter(({ isActive }) => isActive).length;
  // A model that was being loaded may have been the cause as well.
  const isShared = atWork > 1 || [...state.loads.values()].some(({ isSent }) => isSent);
  const blameOf = ({ isActive }: OpenTask): Blame => (isActive ? (isShared ? 'shared' : 'alone') : 'none');
  const afterTasks = endTasks(state, (open) => {
    if (open.isSent) return new EngineCrash({ ...error, blame: blameOf(open) });
    return isGivenUp ? refusal(state, open, error) : null;
  });
  const [next, effects] = endLoads(afterTasks, fromWireError(error));
  const fatal =
    atWork > 0
      ? []
      : [...state.loads].filter(([loadId, { modelFolder, isSent }]) => {
          return isSent && loadId === keptLoadId(modelFolder);
        });
  const notKept = {
    ...next.engine.notKept,
    ...Object.fromEntries(fatal.map(([, { modelFolder }]) => [modelFolder, error])),
  };
  return [{ ...next, engine: { ...next.engine, notKept } }, effects];
}

/** Ends everything with one reason. */
export function rejectWork(state: SupervisorState, reason: HearthError): Step {
  return endLoads(
    endTasks(state, () => reason),
    reason,
  );
}

function endLoads([state, effects]: Step, error: HearthError): Step {
  const rejected = [...state.loads.keys()].map((loadId): Effect => ({ type: 'reject-load', loadId, error }));
  return [{ ...state, loads: new Map() }, [...effects, ...rejected]];
}

function endTasks(state: SupervisorState, errorFor: (open: OpenTask) => HearthError | null): Step {
  let step: Step = [state, []];
  for (const open of state.tasks.values()) {
    const error = errorFor(open);
    if (error === null) continue;
    const [next, effects] = endTask(step[0], open, error);
    step = [next, [...step[1], ...effects]];
  }
  return step;
}

function endTask(state: SupervisorState, { task: { jobId }, isCancelled }: OpenTask, error: HearthError): Step {
  const tasks = new Map(state.tasks);
  tasks.delete(jobId);
  return [{ ...state, tasks }, [{ type: 'reject-task', jobId, error: isCancelled ? cancelledError(jobId) : error }]];
}

/** Why a waiting task cannot run; null when only another task's model stood in its way. */
function refusal(state: SupervisorState, { task }: OpenTask, error: WireError): HearthError | null {
  if (error.code.startsWith('MODEL_') || error.code === 'DRAFT_MODEL_MISMATCH') {
    return task.modelFolder === state.firstModelFolder ? fromWireError(error) : null;
  }
  return new HearthError('ENGINE_UNAVAILABLE', `The engine does not run. ${error.message}`, {
    hint: error.hint,
  });
}

function cancelledError(jobId: string): HearthError {
  return new HearthError('CANCELLED', `Job ${jobId} was cancelled.`);
}

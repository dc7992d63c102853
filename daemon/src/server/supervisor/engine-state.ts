import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { EngineState } from './supervisor.ts';

export const stoppedEngine: EngineState = {
  status: 'stopped',
  loading: null,
  model: null,
  models: [],
  memoryBudgetBytes: null,
  notKept: {},
  memory: null,
  processId: null,
  restarts: 0,
  lastError: null,
  unconfinedConverter: null,
};

/** What is known about the engine after one of its events. */
export function engineStateAfter(state: EngineState, event: EngineEvent): EngineState {
  switch (event.type) {
    case 'model-loading': {
      const { modelFolder, progress } = event;
      return { ...state, status: 'loading', loading: { modelFolder, progress }, model: null };
    }
    case 'model-ready':
      return { ...state, status: 'ready', loading: null, model: event.model };
    case 'model-not-loaded':
      return { ...state, status: 'ready', loading: null, model: state.models[0] ?? null };
    case 'models-in-memory': {
      const { models, memoryBudgetBytes, memory } = event;
      const model = state.loading === null ? (models[0] ?? null) : null;
      return { ...state, models, memoryBudgetBytes, memory, model };
    }
    case 'heartbeat':
      return { ...state, memory: event.memory };
    case 'converter-started':
      return { ...state, unconfinedConverter: event.isConfined ? null : event.executable };
    case 'load-done':
      return { ...state, model: event.model };
    case 'job-done':
    case 'job-failed':
      return state.lastError === null ? state : { ...state, lastError: null };
    default:
      return state;
  }
}

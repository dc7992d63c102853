import { expect, test } from '@jest/globals';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import { engineStateAfter, stoppedEngine } from '../../../../daemon/src/server/supervisor/engine-state.ts';
import type { EngineState } from '../../../../daemon/src/server/supervisor/supervisor.ts';

const model: LoadedModel = {
  name: 'whisper-base-4bit',
  folder: '/models/whisper-base-4bit',
  device: 'cpu',
  operations: 'cpu',
  quantizationBits: 4,
  denseEncoder: true,
  rowsReadQuantized: null,
  logMelOnDevice: false,
  trials: [],
  draft: null,
  arithmetic: 'exact',
  weightBytes: 41_000_000,
  batchSize: 1,
  encoderBatch: 1,
  neededBytes: 300_000_000,
  heldBytes: 100_000_000,
  deviceMemoryBytes: 16_000_000_000,
  choices: ['One window is decoded together: one keeps a CPU busy.'],
  loadSeconds: 0.2,
  warmUpSeconds: 0.3,
};
const ready: EngineState = { ...stoppedEngine, status: 'ready', model };

test('a model that loads takes the place of the one before', () => {
  const loading = engineStateAfter(ready, { type: 'model-loading', modelFolder: '/models/other', progress: 0.25 });
  expect(loading).toEqual({
    ...ready,
    status: 'loading',
    loading: { modelFolder: '/models/other', progress: 0.25 },
    model: null,
  });
  const other = { ...model, name: 'other' };
  expect(engineStateAfter(loading, { type: 'model-ready', model: other })).toEqual({ ...ready, model: other });
});

test('an engine whose model could not be loaded for a job stays ready, with the models that are in memory', () => {
  const loading: EngineState = {
    ...ready,
    status: 'loading',
    loading: { modelFolder: '/models/other', progress: 0.5 },
    model: null,
  };
  const failed = { type: 'model-not-loaded', modelFolder: '/models/other' } as const;
  expect(engineStateAfter(loading, failed)).toEqual({ ...ready, model: null });
  const resident = { ...model, lastUsedAt: '2026-11-30T12:00:00.000Z', isInUse: false, isKept: false };
  const memory = { residentBytes: 300e6, peakResidentBytes: 400e6, activeBytes: 1, cacheBytes: 0, peakBytes: 2 };
  const told = { type: 'models-in-memory', models: [resident], memoryBudgetBytes: 1e9, memory } as const;
  const beside = engineStateAfter(loading, told);
  expect(beside).toEqual({ ...loading, models: [resident], memoryBudgetBytes: 1e9, memory });
  expect(engineStateAfter(beside, failed)).toMatchObject({ status: 'ready', model: resident, models: [resident] });
});

test('a finished job ends the memory of the last error, other events of jobs leave the state as it is', () => {
  const lastError = { code: 'ENGINE_CRASHED', message: '', hint: '' } as const;
  const recovered: EngineState = { ...ready, lastError };
  expect(engineStateAfter(recovered, { type: 'job-started', jobId: 'a' })).toBe(recovered);
  const error = { code: 'AUDIO_EMPTY', message: '', hint: '' } as const;
  expect(engineStateAfter(recovered, { type: 'job-failed', jobId: 'a', error }).lastError).toBeNull();
});

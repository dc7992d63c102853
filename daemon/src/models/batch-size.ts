import type { DecodingPreset } from '../protocol/engine-messages.ts';

const largestBatch = 24;

interface BatchingModel {
  readonly device: 'cpu' | 'gpu';
  /** Windows, with a row of text each, that fit into the memory set apart for them. */
  readonly windowCapacity: number;
}

/** Windows in work at a time. A CPU is busy with one window's encoder already; on a GPU the memory decides. */
export function batchSizeOf(preset: DecodingPreset, model: BatchingModel): number {
  if (preset === 'lowMemory') return 1;
  if (preset === 'auto' && model.device === 'cpu') return 1;
  return Math.min(preset === 'balanced' ? 12 : largestBatch, model.windowCapacity);
}

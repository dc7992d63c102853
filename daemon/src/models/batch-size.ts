import type { DecodingPreset } from '../protocol/engine-messages.ts';

/**
 * On an H200 a step of 24 rows takes hardly longer than one of 12, and not twice as long as one of a single row
 * (docs/performance-gpu.md): the host sets the pace. So the numbers are fixed. What differs is memory, and twice the
 * rows take twice as much.
 */
const largestBatch = 24;
const balancedBatch = 12;

interface BatchingModel {
  readonly device: 'cpu' | 'gpu';
  /** Windows, with a row of text each, that fit into the memory set apart for them. */
  readonly windowCapacity: number;
}

/** Windows in work at a time. A CPU is busy with one window's encoder already; on a GPU the memory decides. */
export function batchSizeOf(preset: DecodingPreset, model: BatchingModel): number {
  if (preset === 'lowMemory') return 1;
  if (preset === 'auto' && model.device === 'cpu') return 1;
  return Math.min(preset === 'balanced' ? balancedBatch : largestBatch, model.windowCapacity);
}

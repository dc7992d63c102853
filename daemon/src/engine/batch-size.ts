import type { NativeModel } from '@hearth/native';
import type { DecodingPreset } from '../protocol/engine-messages.ts';

const largestBatch = 24;

/** Windows in work at a time. A CPU is busy with one window's encoder already; on a GPU the memory decides. */
export function batchSizeOf(preset: DecodingPreset, model: Pick<NativeModel, 'device' | 'windowCapacity'>): number {
  if (preset === 'lowMemory') return 1;
  if (preset === 'auto' && model.device === 'cpu') return 1;
  return Math.min(preset === 'balanced' ? 12 : largestBatch, model.windowCapacity);
}

import type { NativeModel } from '@hearth/native';
import type { DecodingPreset } from '../protocol/engine-messages.ts';
import { windowCapacity } from './window-capacity.ts';

const largestBatch = 24;

/** Windows decoded together. A CPU is busy with one window's encoder already; on a GPU the model's size decides. */
export function batchSizeOf(preset: DecodingPreset, model: Pick<NativeModel, 'device' | 'dimensions'>): number {
  if (preset === 'lowMemory') return 1;
  if (preset === 'auto' && model.device === 'cpu') return 1;
  return Math.min(preset === 'balanced' ? 12 : largestBatch, windowCapacity(model));
}

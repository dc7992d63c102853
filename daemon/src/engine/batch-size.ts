import type { NativeModel } from '@hearth/native';
import type { DecodingPreset } from '../messages/decoding-preset.ts';

const largestBatch = 24;
/** What the windows of an automatic batch may take for the keys and values of cross-attention. */
const crossAttentionBytes = 1.5 * 1024 ** 3;
const bytesPerNumber = 2;

/** Windows decoded together. A CPU is busy with one window's encoder already; on a GPU the model's size decides. */
export function batchSizeOf(preset: DecodingPreset, { device, dimensions }: NativeModel): number {
  if (preset === 'lowMemory') return 1;
  if (preset === 'balanced') return 12;
  if (preset === 'maxSpeed') return largestBatch;
  if (device === 'cpu') return 1;
  const { textLayers, textState, audioContext } = dimensions;
  const bytesPerWindow = 2 * textLayers * audioContext * textState * bytesPerNumber;
  return Math.max(1, Math.min(largestBatch, Math.floor(crossAttentionBytes / bytesPerWindow)));
}

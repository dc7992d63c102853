import { totalmem } from 'node:os';
import type { NativeModel } from '@hearth/native';

const mostBytes = 1.5 * 1024 ** 3;
const shareOfMemory = 1 / 8;

/**
 * Windows of a model that may be in memory at once, whoever they belong to: their keys and values for cross-attention,
 * and those of one row of text each. At least one.
 */
export function windowCapacity(
  { device, dimensions }: Pick<NativeModel, 'device' | 'dimensions'>,
  memoryBytes: number = totalmem(),
): number {
  const { textLayers, textState, audioContext, textContext } = dimensions;
  const bytesPerTextNumber = device === 'cpu' ? 4 : 2;
  const bytesPerWindow = 2 * textLayers * textState * (audioContext * 2 + textContext * bytesPerTextNumber);
  return Math.max(1, Math.floor(Math.min(mostBytes, memoryBytes * shareOfMemory) / bytesPerWindow));
}

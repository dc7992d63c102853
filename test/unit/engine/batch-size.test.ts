import type { NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { batchSizeOf } from '../../../daemon/src/engine/batch-size.ts';

const model = (device: 'cpu' | 'gpu', textLayers: number, textState: number) =>
  ({ device, dimensions: { textLayers, textState, audioContext: 1500, textContext: 448 } }) as NativeModel;

test('a preset is a number of windows', () => {
  const turbo = model('gpu', 4, 1280);
  expect([batchSizeOf('lowMemory', turbo), batchSizeOf('balanced', turbo), batchSizeOf('maxSpeed', turbo)]).toEqual([
    1, 12, 24,
  ]);
});

test.each<[string, NativeModel, number]>([
  ['a CPU', model('cpu', 6, 512), 1],
  ['base', model('gpu', 6, 512), 24],
  ['large-v3-turbo', model('gpu', 4, 1280), 24],
  ['medium', model('gpu', 24, 1024), 8],
  ['large-v3', model('gpu', 32, 1280), 5],
])('for %s it is chosen by size', (_, each, expected) => {
  expect(batchSizeOf('auto', each)).toBe(expected);
});

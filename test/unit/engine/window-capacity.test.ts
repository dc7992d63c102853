import type { NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { windowCapacity } from '../../../daemon/src/engine/window-capacity.ts';

const gigabyte = 1024 ** 3;
const model = (device: 'cpu' | 'gpu', textLayers: number, textState: number) =>
  ({ device, dimensions: { textLayers, textState, audioContext: 1500, textContext: 448 } }) as NativeModel;

test.each<[string, NativeModel, number, number]>([
  ['base on a CPU', model('cpu', 6, 512), 24 * gigabyte, 54],
  ['base on a small CPU', model('cpu', 6, 512), 2 * gigabyte, 9],
  ['large-v3 on a GPU', model('gpu', 32, 1280), 64 * gigabyte, 5],
  ['large-v3 on a Mac of 8 GB', model('gpu', 32, 1280), 8 * gigabyte, 3],
  ['large-v3 where there is hardly any memory', model('gpu', 32, 1280), gigabyte / 8, 1],
])('%s holds as many windows as memory allows', (_, each, memoryBytes, expected) => {
  expect(windowCapacity(each, memoryBytes)).toBe(expected);
});

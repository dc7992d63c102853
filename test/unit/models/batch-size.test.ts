import { expect, test } from '@jest/globals';
import { batchSizeOf } from '../../../daemon/src/models/batch-size.ts';

test('a preset is a number of windows', () => {
  const roomy = { device: 'gpu', windowCapacity: 40 } as const;
  expect([batchSizeOf('lowMemory', roomy), batchSizeOf('balanced', roomy), batchSizeOf('maxSpeed', roomy)]).toEqual([
    1, 12, 24,
  ]);
});

test.each([
  ['a CPU, which one window keeps busy', 'cpu', 40, 1],
  ['a GPU', 'gpu', 40, 24],
  ['a GPU with a model that leaves room for few windows', 'gpu', 5, 5],
] as const)('it is chosen for %s', (_, device, windowCapacity, expected) => {
  expect(batchSizeOf('auto', { device, windowCapacity })).toBe(expected);
});

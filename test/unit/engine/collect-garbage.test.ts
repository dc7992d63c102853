import { expect, test } from '@jest/globals';
import { collectGarbageOfJobs } from '../../../daemon/src/engine/collect-garbage.ts';

test('what fifty jobs have left is collected after the last of them', () => {
  const left: WeakRef<object>[] = [];
  for (let job = 0; job < 49; job++) {
    left.push(new WeakRef({ job }));
    collectGarbageOfJobs();
  }
  expect(left.every((each) => each.deref() !== undefined)).toBe(true);
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    collectGarbageOfJobs();
    expect(left.filter((each) => each.deref() !== undefined)).toEqual([]);
  });
});

import { expect, test } from '@jest/globals';
import { collectGarbageOfJobs } from '../../../daemon/src/engine/collect-garbage.ts';

test('what was left before is collected after the first job, and what fifty jobs have left after the last of them', async () => {
  let left: WeakRef<object>[] = [new WeakRef({ leftBy: 'the start' })];
  const living = () => left.filter((each) => each.deref() !== undefined);
  await nextTurn();
  collectGarbageOfJobs();
  expect(living()).toEqual([]);

  left = [];
  for (let job = 0; job < 49; job++) {
    left.push(new WeakRef({ job }));
    collectGarbageOfJobs();
  }
  expect(living()).toHaveLength(49);
  await nextTurn();
  collectGarbageOfJobs();
  expect(living()).toEqual([]);
});

/** What a reference was read from lives until then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

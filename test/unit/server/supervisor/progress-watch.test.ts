import { expect, jest, test } from '@jest/globals';
import { defaultEngineLimits } from '../../../../daemon/src/server/supervisor/engine-limits.ts';
import { watchProgress } from '../../../../daemon/src/server/supervisor/progress-watch.ts';

const limits = { ...defaultEngineLimits, beatsWithoutStep: 3 };

function beats(...all: readonly (readonly [isWorking: boolean, steps: number])[]): number {
  let stuck = 0;
  const watch = watchProgress({ limits, shouldMove: () => false, onStuck: () => stuck++ });
  for (const [isWorking, steps] of all) watch.beat({ isWorking, steps });
  return stuck;
}

test('work that takes no step for too many heartbeats is stuck, and that is told once', () => {
  expect(beats([true, 5], [true, 5], [true, 5])).toBe(0);
  expect(beats([true, 5], [true, 5], [true, 5], [true, 5])).toBe(1);
  expect(beats(...Array.from({ length: 20 }, () => [true, 5] as const))).toBe(1);
});

test('a step or a rest in between starts the count anew', () => {
  expect(beats([true, 5], [true, 5], [true, 5], [true, 6], [true, 6], [true, 6])).toBe(0);
  expect(beats([true, 5], [true, 5], [true, 5], [false, 5], [true, 5], [true, 5])).toBe(0);
});

test('an idle engine is never stuck', () => {
  expect(beats(...Array.from({ length: 20 }, () => [false, 5] as const))).toBe(0);
});

test('work that waits while nothing runs is stuck as well, and stalled before that, until it is heard of', () => {
  const onStuck = jest.fn();
  let shouldMove = true;
  const watch = watchProgress({ limits: { ...limits, beatsWithoutStep: 8 }, shouldMove: () => shouldMove, onStuck });
  const beat = (count: number) => {
    for (let i = 0; i < count; i++) watch.beat({ isWorking: false, steps: 5 });
  };
  beat(3);
  expect([watch.isStalled(), onStuck.mock.calls.length]).toEqual([true, 0]);
  watch.reset();
  expect(watch.isStalled()).toBe(false);
  beat(7);
  expect(onStuck).not.toHaveBeenCalled();
  beat(1);
  expect(onStuck).toHaveBeenCalledTimes(1);
  shouldMove = false;
  beat(1);
  expect(watch.isStalled()).toBe(false);
});

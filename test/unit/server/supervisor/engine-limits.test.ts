import { expect, test } from '@jest/globals';
import { defaultEngineLimits, restartDelay } from '../../../../daemon/src/server/supervisor/engine-limits.ts';

const limits = { ...defaultEngineLimits, restartDelayMs: 1000, maxRestartDelayMs: 10_000 };

test('the first restart is immediate, each later one waits twice as long, up to a limit', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => restartDelay(failures, limits));
  expect(delays).toEqual([0, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { afterRunningFor } from '../../../daemon/src/time/after-running-for.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a limit is reached once the process has run for so long', () => {
  const callBack = jest.fn();
  afterRunningFor(60_000, callBack);
  jest.advanceTimersByTime(59_000);
  expect(callBack).not.toHaveBeenCalled();
  jest.advanceTimersByTime(100_000);
  expect(callBack).toHaveBeenCalledTimes(1);
});

test('a stop, after which a timer that is long due fires once, uses up next to nothing of it', () => {
  const callBack = jest.fn();
  afterRunningFor(60_000, callBack);
  for (let stops = 0; stops < 19; stops++) jest.advanceTimersToNextTimer();
  expect(callBack).not.toHaveBeenCalled();
  jest.advanceTimersToNextTimer();
  expect(callBack).toHaveBeenCalledTimes(1);
});

test('who has stopped waiting hears nothing', () => {
  const callBack = jest.fn();
  afterRunningFor(60_000, callBack).stop();
  jest.advanceTimersByTime(100_000);
  expect(callBack).not.toHaveBeenCalled();
});

test('a timer that is restarted counts anew, and one that was stopped stays stopped', () => {
  const callBack = jest.fn();
  const timer = afterRunningFor(60_000, callBack);
  jest.advanceTimersByTime(59_000);
  timer.restart();
  jest.advanceTimersByTime(59_000);
  expect(callBack).not.toHaveBeenCalled();
  timer.stop();
  timer.restart();
  jest.advanceTimersByTime(100_000);
  expect(callBack).not.toHaveBeenCalled();
});

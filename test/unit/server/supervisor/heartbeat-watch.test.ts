import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { defaultEngineLimits } from '../../../../daemon/src/server/supervisor/engine-limits.ts';
import { type HeartbeatWatch, watchHeartbeats } from '../../../../daemon/src/server/supervisor/heartbeat-watch.ts';

const limits = { ...defaultEngineLimits, heartbeatIntervalMs: 1000, missedHeartbeats: 3, missedWhenImpatient: 1 };

let isBusy: boolean;
let isImpatient: boolean;
let onSilence: jest.Mock<(missed: number) => void>;
let watch: HeartbeatWatch;

beforeEach(() => {
  jest.useFakeTimers();
  isBusy = true;
  isImpatient = false;
  onSilence = jest.fn();
  watch = watchHeartbeats({ limits, isBusy: () => isBusy, isImpatient: () => isImpatient, onSilence });
});

afterEach(() => {
  watch.stop();
  jest.useRealTimers();
});

test('a busy engine that misses more heartbeats than allowed is silent, and that is told once', () => {
  jest.advanceTimersByTime(3000);
  expect(onSilence).not.toHaveBeenCalled();
  jest.advanceTimersByTime(10_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

test('each sign of life starts the count again', () => {
  for (let second = 0; second < 20; second += 2) {
    jest.advanceTimersByTime(2000);
    watch.beat();
  }
  expect(onSilence).not.toHaveBeenCalled();
});

test('an idle engine may be silent, and is counted from the moment it gets work', () => {
  isBusy = false;
  jest.advanceTimersByTime(60_000);
  isBusy = true;
  jest.advanceTimersByTime(3000);
  expect(onSilence).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1000);
  expect(onSilence).toHaveBeenCalledTimes(1);
});

test('a daemon that is about to stop waits for fewer heartbeats', () => {
  isImpatient = true;
  jest.advanceTimersByTime(1000);
  expect(onSilence).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1000);
  expect(onSilence).toHaveBeenCalledWith(1);
});

test('a stopped watch is quiet', () => {
  watch.stop();
  jest.advanceTimersByTime(60_000);
  expect(onSilence).not.toHaveBeenCalled();
});

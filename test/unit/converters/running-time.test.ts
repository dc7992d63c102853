import { expect, test } from '@jest/globals';
import { startRunningTime } from '../../../daemon/src/converters/running-time.ts';

function startWithClock() {
  let time = 1000;
  let tick = () => {};
  let ticks = 0;
  const running = startRunningTime({
    now: () => time,
    setTicks: (given) => {
      tick = given;
      return () => {
        tick = () => {};
      };
    },
    onTick: () => {
      ticks += 1;
    },
  });
  return {
    running,
    ticks: () => ticks,
    pass(ms: number) {
      time += ms;
      tick();
    },
  };
}

test('time that passes tick by tick counts', () => {
  const { running, pass, ticks } = startWithClock();
  for (let tick = 0; tick < 240; tick += 1) pass(250);
  expect(running.elapsedMs()).toBe(60_000);
  expect(ticks()).toBe(240);
});

test('an hour in which the process stood still is one tick', () => {
  const { running, pass } = startWithClock();
  pass(250);
  pass(3_600_000);
  pass(250);
  expect(running.elapsedMs()).toBe(1000);
});

test('nothing counts after the end', () => {
  const { running, pass, ticks } = startWithClock();
  running.stop();
  pass(250);
  expect([running.elapsedMs(), ticks()]).toEqual([0, 0]);
});

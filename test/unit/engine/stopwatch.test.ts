import { expect, test } from '@jest/globals';
import { createStopwatch } from '../../../daemon/src/engine/stopwatch.ts';

function startClock() {
  let nowMs = 0;
  const stopwatch = createStopwatch(() => nowMs);
  return {
    stopwatch,
    pass: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
}

test('stretches of a stage add up, and each stage is its own', () => {
  const { stopwatch, pass } = startClock();
  for (const milliseconds of [250, 500]) {
    const end = stopwatch.start('decode');
    pass(milliseconds);
    end();
    pass(1000);
  }
  expect(stopwatch.seconds('decode')).toBe(0.75);
  expect(stopwatch.seconds('encode')).toBe(0);
});

test('stretches of a stage that overlap count once', () => {
  const { stopwatch, pass } = startClock();
  const endFirst = stopwatch.start('logMel');
  pass(100);
  const endSecond = stopwatch.start('logMel');
  pass(100);
  endFirst();
  pass(100);
  endSecond();
  expect(stopwatch.seconds('logMel')).toBe(0.3);
});

test('a stretch ends once', () => {
  const { stopwatch, pass } = startClock();
  const end = stopwatch.start('prompt');
  const other = stopwatch.start('prompt');
  pass(100);
  end();
  end();
  pass(100);
  other();
  expect(stopwatch.seconds('prompt')).toBe(0.2);
});

test('work that fails has taken its time too', async () => {
  const { stopwatch, pass } = startClock();
  const failing = stopwatch.measure('align', async () => {
    pass(40);
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(stopwatch.seconds('align')).toBe(0.04);
});

test('counts add up', () => {
  const { stopwatch } = startClock();
  stopwatch.add('tokens', 3);
  stopwatch.add('tokens', 4);
  expect([stopwatch.count('tokens'), stopwatch.count('windows')]).toEqual([7, 0]);
});

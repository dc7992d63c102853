import { expect, test } from '@jest/globals';
import { readTimings } from '../../../daemon/src/engine/read-timings.ts';
import { createStopwatch, type Stage } from '../../../daemon/src/engine/stopwatch.ts';

function stopwatchWith(seconds: Partial<Record<Stage, number>>) {
  let nowMs = 0;
  const stopwatch = createStopwatch(() => nowMs);
  for (const [stage, taken] of Object.entries(seconds)) {
    const end = stopwatch.start(stage as Stage);
    nowMs += taken * 1000;
    end();
  }
  return stopwatch;
}

const around = { model_wait: 1, audio_decode: 2, total: 100 };

test('what no stage names is the rest, and the prompt is a part of decoding', () => {
  const stages = { voiceActivity: 4, logMel: 8, encode: 16, detectLanguage: 1, decode: 32, prompt: 5, align: 2 };
  const timings = readTimings(stopwatchWith(stages), around);
  expect(timings).toMatchObject({ ...around, decode: 32, decode_prompt: 5, align: 2 });
  expect(timings.other).toBe(100 - 1 - 2 - 4 - 8 - 16 - 1 - 32 - 2);
});

test('what the model counted is taken as it is, and is no stage of its own', () => {
  const stopwatch = stopwatchWith({ decode: 32 });
  const counted = { decoderSteps: 27, decodeHostSeconds: 2, decodeDeviceSeconds: 29, tokens: 26, windows: 1 } as const;
  for (const count of Object.keys(counted) as (keyof typeof counted)[]) stopwatch.add(count, counted[count]);
  expect(readTimings(stopwatch, around)).toMatchObject({
    decoder_steps: 27,
    decode_host: 2,
    decode_device: 29,
    tokens: 26,
    windows: 1,
    other: 100 - 1 - 2 - 32,
  });
});

test('stages that overlap leave no rest below nothing', () => {
  expect(readTimings(stopwatchWith({ encode: 60, decode: 60 }), around).other).toBe(0);
});

import type { SessionUsage } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { describeTimings } from '../../../daemon/src/engine/describe-timings.ts';

const around = { modelWaitSeconds: 1, audioDecodeSeconds: 2, totalSeconds: 100 };
const usage: SessionUsage = {
  voiceActivitySeconds: 4,
  logMelSeconds: 8,
  encodeSeconds: 16,
  languageDetectionSeconds: 1,
  decodeSeconds: 32,
  promptSeconds: 5,
  decodeHostSeconds: 2,
  decodeDeviceSeconds: 29,
  alignSeconds: 2,
  windows: 1,
  decoderSteps: 27,
  tokens: 26,
};

test('what a session took is taken as it is', () => {
  expect(describeTimings(usage, around)).toMatchObject({ ...around, ...usage });
});

test('what no stage names is the rest; the prompt and the two sides of decoding are parts of it', () => {
  expect(describeTimings(usage, around).otherSeconds).toBe(100 - 1 - 2 - 4 - 8 - 16 - 1 - 32 - 2);
});

test('clocks that differ a little leave no rest below nothing', () => {
  expect(describeTimings({ ...usage, encodeSeconds: 60 }, around).otherSeconds).toBe(0);
});

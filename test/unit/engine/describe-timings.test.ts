import type { SessionUsage } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { describeTimings } from '../../../daemon/src/engine/describe-timings.ts';

const around = { model_wait: 1, audio_decode: 2, total: 100 };
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
  windowSeconds: 16,
  decoderSteps: 27,
  tokens: 26,
  draftTokens: 4,
  acceptedDraftTokens: 3,
};

test('what a session took is taken as it is', () => {
  expect(describeTimings(usage, around)).toMatchObject({
    ...around,
    voice_activity: 4,
    log_mel: 8,
    encode: 16,
    language_detection: 1,
    decode: 32,
    decode_prompt: 5,
    decode_host: 2,
    decode_device: 29,
    align: 2,
    windows: 1,
    decoder_steps: 27,
    tokens: 26,
    draft_tokens: 4,
    accepted_draft_tokens: 3,
  });
});

test('what no stage names is the rest; the prompt and the two sides of decoding are parts of it', () => {
  expect(describeTimings(usage, around).other).toBe(100 - 1 - 2 - 4 - 8 - 16 - 1 - 32 - 2);
});

test('clocks that differ a little leave no rest below nothing', () => {
  expect(describeTimings({ ...usage, encodeSeconds: 60 }, around).other).toBe(0);
});

import type { Timings } from '../../daemon/src/protocol/transcript.ts';

/** Of a request that nobody made. */
export const noTimings: Timings = {
  model_wait: 0,
  audio_decode: 0,
  voice_activity: 0,
  log_mel: 0,
  encode: 0,
  language_detection: 0,
  decode: 0,
  decode_prompt: 0,
  decode_host: 0,
  decode_device: 0,
  align: 0,
  other: 0,
  total: 0,
  windows: 0,
  decoder_steps: 0,
  tokens: 0,
  draft_tokens: 0,
  accepted_draft_tokens: 0,
};

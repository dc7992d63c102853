import type { WireTimings } from '../../daemon/src/messages/wire-transcript.ts';
import type { TranscriptTimings } from '../../daemon/src/whisper/transcript.ts';

/** Of a request that nobody made. */
export const noTimings: TranscriptTimings = {
  modelWaitSeconds: 0,
  audioDecodeSeconds: 0,
  voiceActivitySeconds: 0,
  logMelSeconds: 0,
  encodeSeconds: 0,
  languageDetectionSeconds: 0,
  decodeSeconds: 0,
  promptSeconds: 0,
  decodeHostSeconds: 0,
  decodeDeviceSeconds: 0,
  alignSeconds: 0,
  otherSeconds: 0,
  totalSeconds: 0,
  windows: 0,
  decoderSteps: 0,
  tokens: 0,
};

export const noWireTimings: WireTimings = {
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
};

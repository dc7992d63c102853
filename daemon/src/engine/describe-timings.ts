import type { SessionUsage } from '@hearth/native';
import type { Timings } from '../protocol/transcript.ts';

/** The profile of a request: what its session took, and what was measured around it. */
export function describeTimings(
  usage: SessionUsage,
  around: Pick<Timings, 'model_wait' | 'audio_decode' | 'total'>,
): Timings {
  const stages = {
    voice_activity: usage.voiceActivitySeconds,
    log_mel: usage.logMelSeconds,
    encode: usage.encodeSeconds,
    language_detection: usage.languageDetectionSeconds,
    decode: usage.decodeSeconds,
    align: usage.alignSeconds,
  };
  const { model_wait, audio_decode, total } = around;
  const known = Object.values(stages).reduce((sum, seconds) => sum + seconds, model_wait + audio_decode);
  return {
    ...around,
    ...stages,
    decode_prompt: usage.promptSeconds,
    decode_host: usage.decodeHostSeconds,
    decode_device: usage.decodeDeviceSeconds,
    other: Math.max(0, total - known),
    windows: usage.windows,
    window_seconds: usage.windowSeconds,
    decoder_steps: usage.decoderSteps,
    tokens: usage.tokens,
    draft_tokens: usage.draftTokens,
    accepted_draft_tokens: usage.acceptedDraftTokens,
  };
}

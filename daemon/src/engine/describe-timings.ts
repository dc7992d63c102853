import type { SessionUsage } from '@hearth/native';
import type { TranscriptTimings } from '../whisper/transcript.ts';

/** The profile of a request: what its session took, and what was measured around it. */
export function describeTimings(
  usage: SessionUsage,
  around: Pick<TranscriptTimings, 'modelWaitSeconds' | 'audioDecodeSeconds' | 'totalSeconds'>,
): TranscriptTimings {
  const { voiceActivitySeconds, logMelSeconds, encodeSeconds, languageDetectionSeconds, decodeSeconds } = usage;
  const { modelWaitSeconds, audioDecodeSeconds, totalSeconds } = around;
  const prepared = modelWaitSeconds + audioDecodeSeconds + voiceActivitySeconds + logMelSeconds;
  const computed = encodeSeconds + languageDetectionSeconds + decodeSeconds + usage.alignSeconds;
  return {
    modelWaitSeconds,
    audioDecodeSeconds,
    voiceActivitySeconds,
    logMelSeconds,
    encodeSeconds,
    languageDetectionSeconds,
    decodeSeconds,
    promptSeconds: usage.promptSeconds,
    decodeHostSeconds: usage.decodeHostSeconds,
    decodeDeviceSeconds: usage.decodeDeviceSeconds,
    alignSeconds: usage.alignSeconds,
    otherSeconds: Math.max(0, totalSeconds - prepared - computed),
    totalSeconds,
    windows: usage.windows,
    decoderSteps: usage.decoderSteps,
    tokens: usage.tokens,
  };
}

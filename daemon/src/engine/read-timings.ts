import type { TranscriptTimings } from '../whisper/transcript.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The profile of a request: what its stopwatch shows, and what was measured around it. */
export function readTimings(
  stopwatch: Stopwatch,
  around: Pick<TranscriptTimings, 'modelWaitSeconds' | 'audioDecodeSeconds' | 'totalSeconds'>,
): TranscriptTimings {
  const stages = {
    voiceActivitySeconds: stopwatch.seconds('voiceActivity'),
    logMelSeconds: stopwatch.seconds('logMel'),
    encodeSeconds: stopwatch.seconds('encode'),
    languageDetectionSeconds: stopwatch.seconds('detectLanguage'),
    decodeSeconds: stopwatch.seconds('decode'),
    alignSeconds: stopwatch.seconds('align'),
  };
  const { modelWaitSeconds, audioDecodeSeconds, totalSeconds } = around;
  const known = Object.values(stages).reduce((sum, seconds) => sum + seconds, modelWaitSeconds + audioDecodeSeconds);
  return {
    ...around,
    ...stages,
    promptSeconds: stopwatch.seconds('prompt'),
    decodeHostSeconds: stopwatch.count('decodeHostSeconds'),
    decodeDeviceSeconds: stopwatch.count('decodeDeviceSeconds'),
    // Windows that run together prepare one while another is decoded: stages overlap.
    otherSeconds: Math.max(0, totalSeconds - known),
    windows: stopwatch.count('windows'),
    decoderSteps: stopwatch.count('decoderSteps'),
    tokens: stopwatch.count('tokens'),
  };
}

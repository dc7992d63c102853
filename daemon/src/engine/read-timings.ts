import type { Timings } from '../protocol/transcript.ts';
import type { Stopwatch } from './stopwatch.ts';

/** The profile of a request: what its stopwatch shows, and what was measured around it. */
export function readTimings(
  stopwatch: Stopwatch,
  around: Pick<Timings, 'model_wait' | 'audio_decode' | 'total'>,
): Timings {
  const stages = {
    voice_activity: stopwatch.seconds('voiceActivity'),
    log_mel: stopwatch.seconds('logMel'),
    encode: stopwatch.seconds('encode'),
    language_detection: stopwatch.seconds('detectLanguage'),
    decode: stopwatch.seconds('decode'),
    align: stopwatch.seconds('align'),
  };
  const { model_wait, audio_decode, total } = around;
  const known = Object.values(stages).reduce((sum, seconds) => sum + seconds, model_wait + audio_decode);
  return {
    ...around,
    ...stages,
    decode_prompt: stopwatch.seconds('prompt'),
    decode_host: stopwatch.count('decodeHostSeconds'),
    decode_device: stopwatch.count('decodeDeviceSeconds'),
    // Windows that run together prepare one while another is decoded: stages overlap.
    other: Math.max(0, total - known),
    windows: stopwatch.count('windows'),
    decoder_steps: stopwatch.count('decoderSteps'),
    tokens: stopwatch.count('tokens'),
  };
}

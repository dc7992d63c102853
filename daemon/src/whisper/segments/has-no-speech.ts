import type { TranscriptionOptions } from '../../options/transcription-options.ts';
import type { DecodingResult } from '../decoding/decoding-result.ts';

/** Whether a window is skipped as silence: likely without speech, and its text not likely either (transcribe.py). */
export function hasNoSpeech(result: DecodingResult, options: TranscriptionOptions): boolean {
  const likelyText = result.avgLogprob > (options.logprobThreshold ?? -1);
  return result.noSpeechProb > (options.noSpeechThreshold ?? 0.6) && !likelyText;
}

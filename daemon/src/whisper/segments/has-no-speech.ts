import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { DecodingResult } from '../decoding/decoding-result.ts';

/** Whether a window is skipped as silence: likely without speech, and its text not likely either (transcribe.py). */
export function hasNoSpeech(result: DecodingResult, options: ResolvedOptions): boolean {
  const likelyText = result.avgLogprob > options.logprobThreshold;
  return result.noSpeechProb > options.noSpeechThreshold && !likelyText;
}

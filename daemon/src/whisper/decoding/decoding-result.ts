import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';

/** What one window says (openai/whisper decoding.py `DecodingResult`). */
export interface DecodingResult {
  /** With timestamp tokens. */
  readonly tokens: readonly number[];
  readonly text: string;
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
  readonly temperature: number;
  readonly compressionRatio: number;
  /** It ends where a text may get no longer, not where its window does. */
  readonly cutShort?: true;
  /** Repeats were cut off. */
  readonly loopCollapsed?: true;
}

/** Whether a window is skipped as silence: likely without speech, and its text not likely either (transcribe.py). */
export function hasNoSpeech(result: DecodingResult, options: ResolvedOptions): boolean {
  const likelyText = result.avgLogprob > options.logprobThreshold;
  return result.noSpeechProb > options.noSpeechThreshold && !likelyText;
}

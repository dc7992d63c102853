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

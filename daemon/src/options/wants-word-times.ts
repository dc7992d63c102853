import type { TranscriptionOptions } from './transcription-options.ts';

/** Whether words need times of their own: asked for by name, or by a subtitle layout that is made of words. */
export function wantsWordTimes(options: TranscriptionOptions): boolean {
  const { wordTimestamps, maxLineWidth, maxLineCount, maxWordsPerLine, highlightWords } = options;
  return (
    wordTimestamps ??
    (highlightWords === true || [maxLineWidth, maxLineCount, maxWordsPerLine].some((limit) => limit !== undefined))
  );
}

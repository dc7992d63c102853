import { optionTable } from './option-table.ts';
import type { ResolvedOptions, TranscriptionOptions } from './transcription-options.ts';

/** Gives every option a value: the only place where defaults are filled in. */
export function resolveOptions(given: TranscriptionOptions): ResolvedOptions {
  const options = { ...defaults, ...given };
  return {
    ...options,
    wordTimestamps: given.wordTimestamps ?? needsWordTimes(options),
    conditionOnPreviousText: given.conditionOnPreviousText ?? options.sequential,
    loopGuard: given.loopGuard ?? options.vad,
  };
}

const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, definition]) => [name, definition.default]),
) as unknown as ResolvedOptions;

/** Whether subtitles are laid out by words. */
function needsWordTimes({ maxLineWidth, maxLineCount, maxWordsPerLine, highlightWords }: ResolvedOptions): boolean {
  return highlightWords || [maxLineWidth, maxLineCount, maxWordsPerLine].some((limit) => limit !== null);
}

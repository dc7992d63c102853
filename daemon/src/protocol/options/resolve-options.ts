import { type AnswerOptions, answerOptionTable } from './answer-option-table.ts';
import { type OptionDefinition, optionTable } from './option-table.ts';
import type { ResolvedOf, ResolvedOptions, TranscriptionOptions } from './transcription-options.ts';

/** Gives every option of a transcription a value. Only this function and `resolveAnswer` fill in defaults. */
export function resolveOptions(given: TranscriptionOptions): ResolvedOptions {
  const options = { ...defaults, ...given };
  return {
    ...options,
    wordTimestamps: given.wordTimestamps ?? needsWordTimes(options),
    conditionOnPreviousText: given.conditionOnPreviousText ?? options.sequential,
    dictionary: given.dictionary ?? (options.vad || !options.sequential),
    loopGuard: given.loopGuard ?? options.vad,
    replaceWords: given.replaceWords ?? options.cleanUp,
    spokenPunctuation: given.spokenPunctuation ?? options.cleanUp,
    dropFillers: given.dropFillers ?? options.cleanUp,
    capitalStart: given.capitalStart ?? options.cleanUp,
  };
}

/** Gives every option of an answer a value and keeps the others unchanged. */
export function resolveAnswer<Given extends AnswerOptions>(given: Given) {
  return { ...answerDefaults, ...given };
}

const defaults = defaultsOf(optionTable);
const answerDefaults = defaultsOf(answerOptionTable);

function defaultsOf<Table extends Readonly<Record<string, OptionDefinition>>>(table: Table): ResolvedOf<Table> {
  const values = Object.entries(table).map(([name, definition]) => [name, definition.default]);
  return Object.fromEntries(values);
}

/** Whether subtitles are laid out by words. */
function needsWordTimes({ maxLineWidth, maxLineCount, maxWordsPerLine, highlightWords }: ResolvedOptions): boolean {
  return highlightWords || [maxLineWidth, maxLineCount, maxWordsPerLine].some((limit) => limit !== null);
}

import type { ModelDimensions } from '@hearth/native';
import { HearthError } from '../errors/hearth-error.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { isReferenceRun } from './is-reference-run.ts';
import type { TranscriptWarning } from './transcript-warning.ts';

/**
 * Options that only a model or other options make wrong, and those that have no effect.
 * @throws `OPTION_INVALID`
 */
export function checkOptions(
  options: ResolvedOptions,
  { vocabularySize }: ModelDimensions,
): readonly TranscriptWarning[] {
  const foreign = options.suppressTokens.find((token) => token >= vocabularySize);
  if (foreign !== undefined) {
    throw new HearthError(
      'OPTION_INVALID',
      `Expected suppressTokens below ${vocabularySize}, the size of the model's vocabulary, got ${foreign}.`,
    );
  }
  const { beamSize, patience } = options;
  if (beamSize !== null && Math.round(beamSize * patience) < 1) {
    throw new HearthError(
      'OPTION_INVALID',
      `Expected beamSize times patience to be 1 or more, got ${beamSize} times ${patience}.`,
    );
  }
  return withoutEffect(options).map((message) => ({ code: 'option-without-effect', message }));
}

function withoutEffect(options: ResolvedOptions): string[] {
  const { sequential, conditionOnPreviousText, batchSize, language, languagePerWindow, window } = options;
  const messages: string[] = [];
  if (!sequential && conditionOnPreviousText) {
    messages.push('`conditionOnPreviousText` has an effect with `sequential` only: no text leads the next one here.');
  }
  if (sequential && batchSize !== null && batchSize > 1) {
    messages.push('`batchSize` has no effect with `sequential`: its windows are decoded one after the other.');
  }
  if (languagePerWindow && language !== null) {
    messages.push('`languagePerWindow` has no effect with `language`: nothing is detected.');
  }
  if (window === 'short' && isReferenceRun(options)) {
    messages.push('`window=short` has no effect with `sequential` and without `vad`: nothing would check its text.');
  }
  return messages;
}

import { HearthError } from '../errors/hearth-error.ts';
import { nameOf, readLanguage } from '../languages/read-language.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';

/**
 * The language to decode in, or undefined when it is to be detected.
 * @throws `OPTION_INVALID` for a language or task that the model lacks
 */
export function resolveLanguage(options: ResolvedOptions, vocabulary: Vocabulary): string | undefined {
  const code = options.language === null ? undefined : readLanguage(options.language);
  if (!vocabulary.multilingual) return englishOnly(options, code);
  if (code !== undefined) requireKnown(code, vocabulary);
  return code;
}

/**
 * The languages of which the likeliest is taken, or undefined when any may be spoken.
 * @throws `OPTION_INVALID` for one that the model lacks
 */
export function resolveCandidates(
  { languages }: ResolvedOptions,
  vocabulary: Vocabulary,
): readonly string[] | undefined {
  const candidates = languages.flatMap((each) => readLanguage(each) ?? []);
  if (candidates.length === 0) return undefined;
  if (!vocabulary.multilingual && !candidates.includes('en')) {
    throw new HearthError(
      'OPTION_INVALID',
      `Expected languages with en for an English-only model, got ${candidates}.`,
      {
        hint: 'Use a multilingual model.',
      },
    );
  }
  for (const code of candidates) if (vocabulary.multilingual) requireKnown(code, vocabulary);
  return candidates;
}

function requireKnown(code: string, { special }: Vocabulary): void {
  if (special.languageCodes.includes(code)) return;
  throw new HearthError('OPTION_INVALID', `Expected a language that this model knows, got ${nameOf(code)}.`, {
    hint: 'Use large-v3 or a model made from it, or leave the language out to have it detected.',
  });
}

function englishOnly({ language, task }: ResolvedOptions, code: string | undefined): string {
  const hint = 'Use a multilingual model.';
  if (task === 'translate') {
    throw new HearthError('OPTION_INVALID', 'Expected task transcribe with an English-only model, got translate.', {
      hint,
    });
  }
  if (code !== undefined && code !== 'en') {
    throw new HearthError('OPTION_INVALID', `Expected language en with an English-only model, got ${language}.`, {
      hint,
    });
  }
  return 'en';
}

import { HearthError } from '../errors/hearth-error.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { languageCode } from './tokenizer/language-code.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';

/**
 * The language to decode in, or undefined when it is to be detected.
 * @throws `OPTION_INVALID` for a language or task that the model lacks
 */
export function resolveLanguage(options: TranscriptionOptions, vocabulary: Vocabulary): string | undefined {
  if (!vocabulary.multilingual) return englishOnly(options);
  if (options.language === undefined) return undefined;
  const code = languageCode(options.language);
  if (code !== undefined && vocabulary.special.languageCodes.includes(code)) return code;
  throw new HearthError(
    'OPTION_INVALID',
    `Expected language to be one of ${vocabulary.special.languageCodes.join(', ')} or an English name, got ${options.language}.`,
    { hint: 'Leave the language out to have it detected.' },
  );
}

function englishOnly({ language, task }: TranscriptionOptions): string {
  const hint = 'Use a multilingual model.';
  if (task === 'translate') {
    throw new HearthError('OPTION_INVALID', 'Expected task transcribe with an English-only model, got translate.', {
      hint,
    });
  }
  if (language !== undefined && languageCode(language) !== 'en') {
    throw new HearthError('OPTION_INVALID', `Expected language en with an English-only model, got ${language}.`, {
      hint,
    });
  }
  return 'en';
}

import type { Vocabulary } from './vocabulary.ts';

/** A vocabulary set to one language and task (openai/whisper tokenizer.py `Tokenizer`). */
export interface Tokenizer extends Vocabulary {
  readonly language: string;
  /** Start of transcript; for multilingual models also language and task. */
  readonly sotSequence: readonly number[];
}

export function createTokenizer(
  vocabulary: Vocabulary,
  { language, task }: { readonly language: string; readonly task: 'transcribe' | 'translate' },
): Tokenizer {
  const { special, multilingual } = vocabulary;
  const languageToken = special.startOfTranscript + 1 + special.languageCodes.indexOf(language);
  const sotSequence = multilingual
    ? [special.startOfTranscript, languageToken, special[task]]
    : [special.startOfTranscript];
  return { ...vocabulary, language, sotSequence };
}

import type { NativeEncoding, NativeModel } from '@hearth/native';
import type { Vocabulary } from './tokenizer/vocabulary.ts';

export interface LanguageProbability {
  readonly language: string;
  readonly probability: number;
}

/** Likeliest first. */
export type LanguageProbabilities = readonly [LanguageProbability, ...LanguageProbability[]];

/** The languages of a window, likeliest first (openai/whisper decoding.py `detect_language`), from its encoding. */
export async function detectLanguage(
  model: NativeModel,
  encoding: NativeEncoding,
  { special }: Vocabulary,
): Promise<LanguageProbabilities> {
  const [probabilities] = await model.detectLanguage({
    encoding,
    sot: special.startOfTranscript,
    languageTokens: special.languageCodes.map((_, index) => special.startOfTranscript + 1 + index),
  });
  const ranked = special.languageCodes
    .map((language, index) => ({ language, probability: probabilities?.[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
  return ranked as [LanguageProbability, ...LanguageProbability[]];
}

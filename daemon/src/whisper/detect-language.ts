import type { NativeEncoding } from '@hearth/native';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import type { WhisperModel } from './whisper-model.ts';

export interface LanguageProbability {
  readonly language: string;
  readonly probability: number;
}

/** Likeliest first. */
export type LanguageProbabilities = readonly [LanguageProbability, ...LanguageProbability[]];

/**
 * The languages of a window, likeliest first (openai/whisper decoding.py `detect_language`), from its encoding. Of
 * candidates only, their probabilities add up to 1.
 */
export async function detectLanguage(
  model: WhisperModel,
  encoding: NativeEncoding,
  { vocabulary, candidates }: { readonly vocabulary: Vocabulary; readonly candidates?: readonly string[] | undefined },
): Promise<LanguageProbabilities> {
  const { special } = vocabulary;
  const probabilities = await model.detectLanguage({
    encoding,
    sot: special.startOfTranscript,
    languageTokens: special.languageCodes.map((_, index) => special.startOfTranscript + 1 + index),
  });
  const ranked = special.languageCodes
    .map((language, index) => ({ language, probability: probabilities[index] ?? 0 }))
    .filter(({ language }) => candidates === undefined || candidates.includes(language))
    .sort((a, b) => b.probability - a.probability);
  const share = candidates === undefined ? 1 : ranked.reduce((sum, { probability }) => sum + probability, 0);
  const shares = share > 0 ? ranked.map((each) => ({ ...each, probability: each.probability / share })) : ranked;
  return shares as [LanguageProbability, ...LanguageProbability[]];
}

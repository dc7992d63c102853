import { HearthError } from '../../errors/hearth-error.ts';
import { languages } from '../../languages/languages.ts';

/** Ids of the tokens that are not text (openai/whisper tokenizer.py `get_encoding`). */
export interface SpecialTokens {
  readonly endOfText: number;
  readonly startOfTranscript: number;
  /** Languages of this model in the order of their tokens, which follow the start of transcript. */
  readonly languageCodes: readonly string[];
  readonly translate: number;
  readonly transcribe: number;
  readonly startOfLanguageModel: number;
  readonly startOfPrevious: number;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** Id of `<|0.00|>`; each following id is 0.02 s later. */
  readonly timestampBegin: number;
}

/**
 * `vocabularySize` is the model's; the number of languages follows from it.
 * @throws `MODEL_INVALID` when the encoding is not the one of such a model
 */
export function specialTokens(encodingSize: number, vocabularySize: number): SpecialTokens {
  const expectedSize = isMultilingual(vocabularySize) ? 50257 : 50256;
  if (encodingSize !== expectedSize) {
    throw new HearthError(
      'MODEL_INVALID',
      `Expected a vocabulary of ${expectedSize} entries for a model of ${vocabularySize} tokens, got ${encodingSize}.`,
      { hint: 'Remove the .tiktoken file from the model folder, so that the embedded one is used.' },
    );
  }
  const languageCount = vocabularySize - 51765 - (isMultilingual(vocabularySize) ? 1 : 0);
  const startOfTranscript = encodingSize + 1;
  const afterLanguages = startOfTranscript + 1 + languageCount;
  return {
    endOfText: encodingSize,
    startOfTranscript,
    languageCodes: languages.slice(0, languageCount).map(([code]) => code),
    translate: afterLanguages,
    transcribe: afterLanguages + 1,
    startOfLanguageModel: afterLanguages + 2,
    startOfPrevious: afterLanguages + 3,
    noSpeech: afterLanguages + 4,
    noTimestamps: afterLanguages + 5,
    timestampBegin: afterLanguages + 6,
  };
}

/** openai/whisper model.py `is_multilingual`. */
export function isMultilingual(vocabularySize: number): boolean {
  return vocabularySize >= 51865;
}

/** What a special token looks like in text, as OpenAI's tokenizer writes it. */
export function specialTokenText(token: number, special: SpecialTokens): string {
  if (token >= special.timestampBegin) return `<|${((token - special.timestampBegin) * 0.02).toFixed(2)}|>`;
  const language = special.languageCodes[token - special.startOfTranscript - 1];
  if (language !== undefined) return `<|${language}|>`;
  const names: Record<number, string> = {
    [special.endOfText]: 'endoftext',
    [special.startOfTranscript]: 'startoftranscript',
    [special.translate]: 'translate',
    [special.transcribe]: 'transcribe',
    [special.startOfLanguageModel]: 'startoflm',
    [special.startOfPrevious]: 'startofprev',
    [special.noSpeech]: 'nospeech',
    [special.noTimestamps]: 'notimestamps',
  };
  return `<|${names[token]}|>`;
}

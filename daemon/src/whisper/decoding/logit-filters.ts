import type { LogitFilters } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { isReferenceRun } from '../is-reference-run.ts';
import { secondsPerTimestamp } from '../segments/window.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * OpenAI's three filters for these options (openai/whisper decoding.py `DecodingTask.__init__`). Languages, which the
 * reference can sample into a text at a high temperature, are suppressed unless its very tokens are asked for.
 */
export function logitFilters(tokenizer: Tokenizer, options: ResolvedOptions): LogitFilters {
  const { special } = tokenizer;
  return {
    suppressAtBegin: options.suppressBlank ? [...tokenizer.encode(' '), special.endOfText] : [],
    suppress: [
      ...suppressedTokens(tokenizer, options.suppressTokens),
      ...(isReferenceRun(options) ? [] : languageTokens(tokenizer)),
    ],
    timestampRules: options.withoutTimestamps
      ? null
      : {
          timestampBegin: special.timestampBegin,
          noTimestamps: special.noTimestamps,
          endOfText: special.endOfText,
          maxInitialTimestampIndex: Math.round(options.maxInitialTimestamp / secondsPerTimestamp),
        },
  };
}

function suppressedTokens({ special, nonSpeechTokens }: Tokenizer, wanted: readonly number[]): number[] {
  return [
    ...wanted.filter((token) => token >= 0),
    ...(wanted.includes(-1) ? nonSpeechTokens : []),
    special.transcribe,
    special.translate,
    special.startOfTranscript,
    special.startOfPrevious,
    special.startOfLanguageModel,
    special.noSpeech,
  ];
}

function languageTokens({ special, multilingual }: Tokenizer): number[] {
  return multilingual ? special.languageCodes.map((_, index) => special.startOfTranscript + 1 + index) : [];
}

import type { DecodeRequest, DecodeResult, DecodeRow, NativeEncoding } from '@hearth/native';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import { initialTokens } from '../../../daemon/src/whisper/decoding/initial-tokens.ts';
import { logitFilters } from '../../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { multilingual } from './embedded-model.ts';

const textContext = 448;

/** A greedy row of a window, in the product's own prompt. */
export function rowOf({ language }: { readonly language: string }, encoding: NativeEncoding): DecodeRow {
  return { encoding, ...promptOf(language, 'transcribe'), temperature: 0, seed: 0 };
}

/** The prompt of a row that translates German. */
export function translation(): Pick<DecodeRow, 'prompt' | 'sotIndex'> {
  return promptOf('de', 'translate');
}

function promptOf(language: string, task: 'transcribe' | 'translate'): Pick<DecodeRow, 'prompt' | 'sotIndex'> {
  const { tokens, sotIndex } = initialTokens({
    tokenizer: createTokenizer(multilingual, { language, task }),
    textContext,
    previousTokens: [],
    prefix: '',
    withoutTimestamps: false,
  });
  return { prompt: tokens, sotIndex };
}

/** The product's own filters for rows that are decoded to their end. */
export function decodeRequest(rows: readonly DecodeRow[]): DecodeRequest {
  const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
  return {
    rows,
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: multilingual.special.endOfText,
    noSpeech: multilingual.special.noSpeech,
    maxTokens: 224,
  };
}

export function avgLogprob(result: DecodeResult | undefined): number {
  return (result as DecodeResult).sumLogprob / ((result as DecodeResult).tokens.length + 1);
}

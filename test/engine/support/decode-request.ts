import type { DecodeRequest, DecodeResult, NativeEncoding } from '@hearth/native';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import { initialTokens } from '../../../daemon/src/whisper/decoding/initial-tokens.ts';
import { logitFilters } from '../../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer, type Tokenizer } from '../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { multilingual } from './embedded-model.ts';

const textContext = 448;

/** A greedy text of a window to its end, with the product's own prompt and filters. */
export function textOf({ language }: { readonly language: string }, encoding: NativeEncoding): DecodeRequest {
  const tokenizer = createTokenizer(multilingual, { language, task: 'transcribe' });
  return {
    encoding,
    ...promptOf(tokenizer),
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: multilingual.special.endOfText,
    noSpeech: multilingual.special.noSpeech,
    maxTokens: 224,
    samples: [{ temperature: 0, seed: 0 }],
  };
}

/** The same text without timestamps. */
export function untimed(text: DecodeRequest): DecodeRequest {
  const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
  const filters = logitFilters(tokenizer, resolveOptions({ withoutTimestamps: true }));
  return { ...text, prompt: [...text.prompt, multilingual.special.noTimestamps], filters };
}

/** The prompt of a text that translates German. */
export function translation(): Pick<DecodeRequest, 'prompt' | 'sotIndex'> {
  return promptOf(createTokenizer(multilingual, { language: 'de', task: 'translate' }));
}

/** An English prompt with a text before it. */
export function promptAfter(previousTokens: readonly number[]): Pick<DecodeRequest, 'prompt' | 'sotIndex'> {
  return promptOf(createTokenizer(multilingual, { language: 'en', task: 'transcribe' }), previousTokens);
}

function promptOf(
  tokenizer: Tokenizer,
  previousTokens: readonly number[] = [],
): Pick<DecodeRequest, 'prompt' | 'sotIndex'> {
  const { tokens, sotIndex } = initialTokens({
    tokenizer,
    textContext,
    previousTokens,
    prefix: '',
    withoutTimestamps: false,
  });
  return { prompt: tokens, sotIndex };
}

export function avgLogprob(result: DecodeResult | undefined): number {
  return (result as DecodeResult).sumLogprob / ((result as DecodeResult).tokens.length + 1);
}

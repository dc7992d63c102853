import type { NativeEncoding, TextRequest } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { compressionRatio } from '../compression-ratio.ts';
import { partialText } from '../partial-text.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WhisperModel } from '../whisper-model.ts';
import type { DecodingResult } from './decoding-result.ts';
import { initialTokens } from './initial-tokens.ts';
import { logitFilters } from './logit-filters.ts';
import { bestCandidate, type Candidate } from './sequence-ranker.ts';

export interface DecodeWindowRequest {
  readonly model: WhisperModel;
  readonly tokenizer: Tokenizer;
  readonly options: ResolvedOptions;
  readonly encoding: NativeEncoding;
  readonly previousTokens: readonly number[];
  /** The timestamp that the text has to reach. */
  readonly speechUntil?: number | undefined;
  /** Tokens that somebody guessed the text to be. They change nothing; where they are right, it is there sooner. */
  readonly draft?: readonly number[] | undefined;
  /** Makes the draws of this window its own. */
  readonly seed: number;
  /** Text of this attempt so far, whenever it grows. */
  readonly onText?: ((text: string) => void) | undefined;
}

/**
 * Decodes one window at one temperature (openai/whisper decoding.py `decode`): beam search or greedy at 0, the best of
 * several samples above.
 */
export async function decodeWindow(
  request: DecodeWindowRequest,
  { temperature, seed }: { readonly temperature: number; readonly seed: number },
): Promise<DecodingResult> {
  const { model, tokenizer, options } = request;
  const { tokens, sotIndex } = initialTokens({
    tokenizer,
    textContext: model.dimensions.textContext,
    previousTokens: request.previousTokens,
    prefix: options.prefix,
    withoutTimestamps: options.withoutTimestamps,
  });
  const text: TextRequest = {
    encoding: request.encoding,
    prompt: tokens,
    sotIndex,
    speechUntil: request.speechUntil,
    filters: logitFilters(tokenizer, options),
    endOfText: tokenizer.special.endOfText,
    noSpeech: tokenizer.special.noSpeech,
    maxTokens: Math.floor(model.dimensions.textContext / 2),
    draft: temperature === 0 ? request.draft : undefined,
  };
  const { candidates, noSpeechProb } =
    temperature === 0 && options.beamSize !== null
      ? await model.beamSearch({ ...text, beamSize: options.beamSize, patience: options.patience })
      : await decodeSamples(request, text, { temperature, seed });
  const chosen = bestCandidate(candidates, options.lengthPenalty);
  const said = tokenizer.decode(chosen.tokens).trim();
  const longest = Math.min(text.maxTokens, model.dimensions.textContext + 1 - tokens.length);
  return {
    tokens: chosen.tokens,
    text: said,
    avgLogprob: chosen.sumLogprob / (chosen.tokens.length + 1),
    noSpeechProb,
    temperature,
    compressionRatio: compressionRatio(said),
    ...(chosen.tokens.length >= longest && { cutShort: true }),
  };
}

async function decodeSamples(
  { model, tokenizer, options, onText }: DecodeWindowRequest,
  text: TextRequest,
  { temperature, seed }: { readonly temperature: number; readonly seed: number },
): Promise<{ readonly candidates: readonly Candidate[]; readonly noSpeechProb: number }> {
  const count = temperature === 0 ? 1 : options.bestOf;
  const results = await model.decode({
    ...text,
    samples: Array.from({ length: count }, (_, sample) => ({ temperature, seed: seed + sample })),
    // Of several samples nobody knows yet which is taken.
    onToken: onText && count === 1 ? partialText(tokenizer, onText) : undefined,
  });
  return { candidates: results, noSpeechProb: results[0]?.noSpeechProb ?? 0 };
}

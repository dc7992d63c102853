import type { Cancellation, NativeEncoding, NativeModel } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { compressionRatio } from '../compression-ratio.ts';
import { partialText } from '../partial-text.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { DecodingResult } from './decoding-result.ts';
import { initialTokens } from './initial-tokens.ts';
import { logitFilters } from './logit-filters.ts';
import { bestCandidate, type Candidate } from './sequence-ranker.ts';

export interface DecodeWindowRequest {
  readonly model: NativeModel;
  readonly tokenizer: Tokenizer;
  readonly encoding: NativeEncoding;
  /** Index of the window in the encoding. */
  readonly window: number;
  readonly options: ResolvedOptions;
  readonly previousTokens: readonly number[];
  readonly prefix: string;
  readonly temperature: number;
  /** The timestamp that the text has to reach. */
  readonly speechUntil?: number;
  /** Makes the draws of this window its own. */
  readonly seed: number;
  readonly compressedLength: (bytes: Uint8Array) => number;
  readonly cancellation?: Cancellation;
  /** Text of this attempt so far, whenever it grows. */
  readonly onText?: (text: string) => void;
}

/**
 * Decodes one window at one temperature (openai/whisper decoding.py `decode`): beam search or greedy at 0, the best of
 * several samples above.
 */
export async function decodeWindow(request: DecodeWindowRequest): Promise<DecodingResult> {
  const { tokenizer, options, temperature } = request;
  const { candidates, noSpeechProb, longest } = await findCandidates(request);
  const chosen = bestCandidate(candidates, options.lengthPenalty);
  const text = tokenizer.decode(chosen.tokens).trim();
  return {
    tokens: chosen.tokens,
    text,
    avgLogprob: chosen.sumLogprob / (chosen.tokens.length + 1),
    noSpeechProb,
    temperature,
    compressionRatio: compressionRatio(text, request.compressedLength),
    ...(chosen.tokens.length >= longest && { cutShort: true }),
  };
}

async function findCandidates(
  request: DecodeWindowRequest,
): Promise<{ candidates: readonly Candidate[]; noSpeechProb: number; longest: number }> {
  const { model, tokenizer, options, temperature } = request;
  const { tokens, sotIndex } = initialTokens({
    tokenizer,
    textContext: model.dimensions.textContext,
    previousTokens: request.previousTokens,
    withoutTimestamps: options.withoutTimestamps,
    prefix: request.prefix,
  });
  const { textContext } = model.dimensions;
  const maxTokens = Math.floor(textContext / 2);
  const longest = Math.min(maxTokens, textContext + 1 - tokens.length);
  const { window, speechUntil } = request;
  const prompt = { window, prompt: tokens, sotIndex, ...(speechUntil !== undefined && { speechUntil }) };
  const shared = {
    encoding: request.encoding,
    filters: logitFilters(tokenizer, options),
    endOfText: tokenizer.special.endOfText,
    noSpeech: tokenizer.special.noSpeech,
    maxTokens,
    ...(request.cancellation && { cancellation: request.cancellation }),
  };
  if (temperature === 0 && options.beamSize !== null) {
    const [found] = await model.beamSearch({
      ...shared,
      prompts: [prompt],
      beamSize: options.beamSize,
      patience: options.patience,
    });
    return { ...(found as NonNullable<typeof found>), longest };
  }
  const onToken = request.onText && partialText(tokenizer, request.onText);
  const rowCount = temperature === 0 ? 1 : options.bestOf;
  const rows = Array.from({ length: rowCount }, (_, row) => ({ ...prompt, temperature, seed: request.seed + row }));
  const results = await model.decode({
    ...shared,
    rows,
    // Of several samples nobody knows yet which is taken.
    ...(onToken && rowCount === 1 && { onToken: (event) => onToken(event.token) }),
  });
  return { candidates: results, noSpeechProb: results[0]?.noSpeechProb ?? 0, longest };
}

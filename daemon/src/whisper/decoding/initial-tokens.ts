import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export interface InitialTokens {
  readonly tokens: readonly number[];
  /** Position of the start-of-transcript token. */
  readonly sotIndex: number;
}

/**
 * What a window's text starts from: previous text, start of transcript, prefix (openai/whisper decoding.py
 * `_get_initial_tokens`). Of the previous text the last 223 tokens are kept.
 */
export function initialTokens(request: {
  readonly tokenizer: Tokenizer;
  readonly textContext: number;
  readonly previousTokens: readonly number[];
  readonly prefix: string;
  readonly withoutTimestamps: boolean;
}): InitialTokens {
  const { tokenizer, previousTokens, prefix } = request;
  const longestPrevious = Math.floor(request.textContext / 2) - 1;
  const previous =
    previousTokens.length > 0 ? [tokenizer.special.startOfPrevious, ...previousTokens.slice(-longestPrevious)] : [];
  return {
    tokens: [
      ...previous,
      ...tokenizer.sotSequence,
      ...(request.withoutTimestamps ? [tokenizer.special.noTimestamps] : []),
      ...(prefix.trim() === '' ? [] : tokenizer.encode(` ${prefix.trim()}`)),
    ],
    sotIndex: previous.length,
  };
}

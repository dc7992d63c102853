import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

/** Above this temperature a text is too uncertain to lead the next window. */
const highestTrustedTemperature = 0.5;

/** The text so far as the prompt of the next window (openai/whisper transcribe.py `all_tokens`, `prompt_reset_since`). */
export interface PreviousText {
  /** Tokens for the next window's prompt. */
  promptTokens(): readonly number[];
  add(tokens: readonly number[], temperature: number): void;
}

export function createPreviousText(
  tokenizer: Tokenizer,
  textContext: number,
  options: TranscriptionOptions,
): PreviousText {
  const { initialPrompt, carryInitialPrompt = false, conditionOnPreviousText = true } = options;
  const initial = initialPrompt === undefined ? [] : tokenizer.encode(` ${initialPrompt.trim()}`);
  const remainingLength = Math.floor(textContext / 2) - 1 - initial.length;
  const tokens = [...initial];
  let resetAt = 0;
  return {
    promptTokens() {
      if (!carryInitialPrompt) return tokens.slice(resetAt);
      const carried = tokens.slice(Math.max(initial.length, resetAt));
      return [...initial, ...(remainingLength > 0 ? carried.slice(-remainingLength) : [])];
    },
    add(added, temperature) {
      tokens.push(...added);
      if (!conditionOnPreviousText || temperature > highestTrustedTemperature) resetAt = tokens.length;
    },
  };
}

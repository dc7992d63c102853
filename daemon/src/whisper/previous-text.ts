import type { LeadingText } from './leading-text.ts';

/** The text so far as the prompt of the next window (openai/whisper transcribe.py `all_tokens`, `prompt_reset_since`). */
export interface PreviousText {
  /** Tokens for the next window's prompt. */
  promptTokens(): readonly number[];
  /** A text that is not trusted leads no other. */
  add(tokens: readonly number[], isTrusted: boolean): void;
}

/** `isLed`: whether what a window says leads the next one. */
export function createPreviousText(
  { always, initial, longest }: LeadingText,
  { isLed, carriesInitial }: { readonly isLed: boolean; readonly carriesInitial: boolean },
): PreviousText {
  const remainingLength = longest - always.length;
  const tokens = [...initial];
  let resetAt = carriesInitial ? initial.length : 0;
  return {
    promptTokens() {
      return [...always, ...(remainingLength > 0 ? tokens.slice(resetAt).slice(-remainingLength) : [])];
    },
    add(added, isTrusted) {
      tokens.push(...added);
      if (!isLed || !isTrusted) resetAt = tokens.length;
    },
  };
}

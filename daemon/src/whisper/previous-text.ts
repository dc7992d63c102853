import type { TranscriptionOptions } from '../options/transcription-options.ts';

/** The text so far as the prompt of the next window (openai/whisper transcribe.py `all_tokens`, `prompt_reset_since`). */
export interface PreviousText {
  /** Tokens for the next window's prompt. */
  promptTokens(): readonly number[];
  /** A text that is not trusted leads no other. */
  add(tokens: readonly number[], isTrusted: boolean): void;
}

export function createPreviousText(
  encode: (text: string) => readonly number[],
  textContext: number,
  options: TranscriptionOptions,
): PreviousText {
  const { initialPrompt, carryInitialPrompt = false, conditionOnPreviousText = true, hotwords } = options;
  const encodeText = (text: string | undefined) => (text === undefined ? [] : encode(` ${text.trim()}`));
  const longest = Math.floor(textContext / 2) - 1;
  const initial = encodeText(initialPrompt);
  const always = [...encodeText(hotwords).slice(0, longest), ...(carryInitialPrompt ? initial : [])];
  const remainingLength = longest - always.length;
  const tokens = [...initial];
  let resetAt = carryInitialPrompt ? initial.length : 0;
  return {
    promptTokens() {
      return [...always, ...(remainingLength > 0 ? tokens.slice(resetAt).slice(-remainingLength) : [])];
    },
    add(added, isTrusted) {
      tokens.push(...added);
      if (!conditionOnPreviousText || !isTrusted) resetAt = tokens.length;
    },
  };
}

import type { Tokenizer } from './tokenizer/tokenizer.ts';

/** Gathers tokens as they are sampled and reports the text so far; half a character is held back until it is whole. */
export function partialText(tokenizer: Tokenizer, onText: (text: string) => void): (token: number) => void {
  const tokens: number[] = [];
  return (token) => {
    if (token >= tokenizer.special.endOfText) return;
    tokens.push(token);
    const text = tokenizer.decode(tokens);
    if (!text.endsWith('\ufffd')) onText(text);
  };
}

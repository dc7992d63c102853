/** What assistants read at once: about 12,000 tokens of English. */
export const defaultPageCharacters = 50_000;

export interface TextPage {
  readonly text: string;
  /** Where the next page starts; null on the last one. */
  readonly nextOffset: number | null;
}

/** A part of a long text that ends with a whole line, if it has one. */
export function textPage(
  text: string,
  { offset, characters }: { readonly offset: number; readonly characters: number },
): TextPage {
  const end = offset + characters;
  if (end >= text.length) return { text: text.slice(offset), nextOffset: null };
  const lineEnd = text.lastIndexOf('\n', end - 1) + 1;
  const isLow = (text.charCodeAt(end) & 0xfc00) === 0xdc00;
  const cut = lineEnd > offset ? lineEnd : isLow ? end - 1 : end;
  return { text: text.slice(offset, cut), nextOffset: cut };
}

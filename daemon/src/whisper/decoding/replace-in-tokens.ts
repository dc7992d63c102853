import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A part of a text, in UTF-16 units of what its tokens say, and what is written there. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/**
 * Tokens that say something else in places; all others, and the timestamps, stay. A part that has a timestamp within it is
 * left as it is. The changes are in order and do not overlap.
 */
export function replaceInTokens(
  tokens: readonly number[],
  changes: readonly Change[],
  tokenizer: Pick<Tokenizer, 'decode' | 'encode' | 'special'>,
): readonly number[] {
  const text = tokenizer.decode(tokens);
  const ends = tokens.map((_, index) => tokenizer.decode(tokens.slice(0, index + 1)));
  // Where a token ends and no letter is cut in two: how many tokens, and how much of the text.
  const cuts = [{ count: 0, length: 0 }];
  for (const [index, end] of ends.entries()) {
    if (text.startsWith(end)) cuts.push({ count: index + 1, length: end.length });
  }
  let changed: number[] = [];
  let done = 0;
  for (const { start, end, word } of changes) {
    const from = cuts.findLast(({ length }) => length <= start);
    const to = cuts.find(({ length, count }) => length >= end && count > (from?.count ?? 0));
    if (from === undefined || to === undefined || from.count < done) continue;
    const replaced = tokens.slice(from.count, to.count);
    if (replaced.some((token) => token >= tokenizer.special.timestampBegin)) continue;
    const instead = text.slice(from.length, start) + word + text.slice(end, to.length);
    changed = [...changed, ...tokens.slice(done, from.count), ...tokenizer.encode(instead)];
    done = to.count;
  }
  return [...changed, ...tokens.slice(done)];
}

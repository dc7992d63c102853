const fewestRepeats = 4;
const shortestLoopTokens = 24;

/**
 * Cuts a text that ends in the same words over and over after they are said once, with the timestamp that closes them.
 * A text that does not end so is given back as it is. (The reference keeps such loops.)
 */
export function collapseLoop(tokens: readonly number[], timestampBegin: number): readonly number[] {
  const positions = tokens.flatMap((token, position) => (token < timestampBegin ? [position] : []));
  const text = positions.map((position) => tokens[position] as number);
  for (let period = 1; period * fewestRepeats <= text.length; period++) {
    const loopLength = period + repeatedLength(text, period);
    if (loopLength < Math.max(shortestLoopTokens, period * fewestRepeats)) continue;
    const saidOnce = positions[text.length - loopLength + period - 1] as number;
    const isClosed = (tokens[saidOnce + 1] ?? 0) >= timestampBegin;
    return tokens.slice(0, saidOnce + (isClosed ? 2 : 1));
  }
  return tokens;
}

/** How many tokens at the end are those that stand `period` before them. */
function repeatedLength(text: readonly number[], period: number): number {
  let length = 0;
  while (length + period < text.length && text.at(-1 - length) === text.at(-1 - length - period)) length += 1;
  return length;
}

/** Tokens in a row that two texts share by more than chance. */
const sharedCount = 3;

/**
 * A draft that begins as one text of a sound and goes on as another, which heard more of its end: behind the last words
 * that both say. The other alone where they share none.
 */
export function continueDraft(tokens: readonly number[], later: readonly number[]): readonly number[] {
  for (let end = tokens.length; end >= sharedCount; end--) {
    const start = startOfRun(later, tokens.slice(end - sharedCount, end));
    if (start !== -1) return [...tokens.slice(0, end), ...later.slice(start + sharedCount)];
  }
  return later;
}

/** Of the last one. */
function startOfRun(tokens: readonly number[], run: readonly number[]): number {
  for (let start = tokens.length - run.length; start >= 0; start--) {
    if (run.every((token, i) => tokens[start + i] === token)) return start;
  }
  return -1;
}

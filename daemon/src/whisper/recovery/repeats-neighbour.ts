/**
 * Whether a text says again how the text before it ends or the one after it begins: its speech was written already, and
 * the times of its neighbours are wrong.
 */
export function repeatsNeighbour(text: string, before: string, after: string): boolean {
  const letters = lettersOf(text);
  return letters !== '' && (lettersOf(before).endsWith(letters) || lettersOf(after).startsWith(letters));
}

/** Letters and digits alone, so that case, spaces and punctuation make no difference. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

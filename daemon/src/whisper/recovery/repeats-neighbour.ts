/**
 * Whether a text says again how the text before it ends or the one after it begins: its speech was written already, and
 * the times of its neighbours are wrong.
 */
export function repeatsNeighbour(text: string, before: string, after: string): boolean {
  const letters = lettersAfterNumber(text);
  return letters !== '' && (lettersOf(before).endsWith(letters) || lettersAfterNumber(after).startsWith(letters));
}

/** A model that says a sentence over and over may count it. */
const leadingNumber = /^\s*\p{N}+[^\p{L}\p{N}]+/u;
/** With fewer letters behind it, a number is what the text says. */
const fewestSentenceLetters = 20;

/** The letters of a text, without the number that it begins with if a sentence follows: `1. Add the salt and stir.` */
export function lettersAfterNumber(text: string): string {
  const sentence = lettersOf(text.replace(leadingNumber, ''));
  return sentence.length >= fewestSentenceLetters ? sentence : lettersOf(text);
}

/** Letters and digits alone, so that case, spaces and punctuation make no difference. */
export function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

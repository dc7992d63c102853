import { lettersOf, type SpokenWord } from './spoken-words.ts';

/** Whether a word is one that many people write: no mis-heard name. */
export type OrdinaryWords = (word: SpokenWord) => boolean;

/** Languages in which a capital within a sentence marks no name. */
export const capitalizesNouns: ReadonlySet<string> = new Set(['de', 'lb']);

const shortestStem = 4;
const shortestPart = 4;
const endings = /(?:e?s|e?d|ing|ings|e?r|ers|ly|en|e|n)$/u;

/**
 * Whisper's vocabulary has a token of its own for each common word, in all its languages. Forms of such a word, and two of
 * them written as one, are ordinary too. `file` has a line for each token: its bytes in base64, and its number.
 */
export function createOrdinaryWords(file: string): OrdinaryWords {
  const words = new Set<string>();
  for (const line of file.split('\n')) {
    // A space, with which words begin.
    if (!line.startsWith('I')) continue;
    const text = Buffer.from(line.slice(0, line.indexOf(' ')), 'base64').toString();
    if (/^ [\p{L}\p{M}]+$/u.test(text)) words.add(lettersOf(text));
  }

  function isForm(letters: string): boolean {
    if (words.has(letters) || (letters.endsWith('s') && words.has(letters.slice(0, -1)))) return true;
    const stem = letters.replace(endings, '');
    return stem !== letters && stem.length >= shortestStem && (words.has(stem) || words.has(`${stem}e`));
  }

  return ({ letters }) => {
    if (isForm(letters)) return true;
    for (let cut = shortestPart; cut <= letters.length - shortestPart; cut++) {
      if (words.has(letters.slice(0, cut)) && isForm(letters.slice(cut))) return true;
    }
    return false;
  };
}

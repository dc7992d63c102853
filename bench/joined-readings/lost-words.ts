import { splitForScoring } from '../../test/engine/support/word-errors.ts';

/** Fewer words in a row are an error like others. */
const fewestLost = 4;
const wordsOfLead = 3;

export interface LostWords {
  /** Some of them may be written as others. */
  readonly words: readonly string[];
  /** What is said just before. */
  readonly before: string;
}

/** Where four words and more are missing from a text in English, with no right word between them. */
export function lostWords({ said, written }: { readonly said: string; readonly written: string }): LostWords[] {
  const from = splitForScoring(said, 'en');
  const fates = fatesOf(from, splitForScoring(written, 'en'));
  const lost: LostWords[] = [];
  for (let start = 0, end = 0; start < from.length; start = end + 1) {
    end = fates.indexOf('same', start);
    if (end < 0) end = from.length;
    if (fates.slice(start, end).filter((fate) => fate === 'left out').length < fewestLost) continue;
    lost.push({ words: from.slice(start, end), before: from.slice(Math.max(0, start - wordsOfLead), start).join(' ') });
  }
  return lost;
}

type Fate = 'same' | 'changed' | 'left out';

/** What became of each word, where the fewest are changed, left out and put in. */
function fatesOf(from: readonly string[], to: readonly string[]): Fate[] {
  const costs = [Array.from({ length: to.length + 1 }, (_, j) => j)];
  const costAt = (i: number, j: number) => costs[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const changing = (i: number, j: number) => costAt(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
  for (let i = 1; i <= from.length; i++) {
    costs.push([i]);
    for (let j = 1; j <= to.length; j++) {
      costs[i]?.push(Math.min(changing(i, j), costAt(i - 1, j) + 1, costAt(i, j - 1) + 1));
    }
  }
  const fates: Fate[] = from.map(() => 'left out');
  for (let [i, j] = [from.length, to.length]; i > 0 && j > 0; ) {
    if (costAt(i, j) === changing(i, j)) {
      fates[i - 1] = from[i - 1] === to[j - 1] ? 'same' : 'changed';
      i -= 1;
      j -= 1;
    } else if (costAt(i, j) === costAt(i - 1, j) + 1) i -= 1;
    else j -= 1;
  }
  return fates;
}

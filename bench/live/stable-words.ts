import type { Word } from '../../daemon/src/protocol/transcript.ts';

/** Words that a policy takes for settled, one after the other: it takes none back. */
export interface StableWords {
  /** What it takes for settled now, from the beginning of the sound. */
  add(text: string, atSeconds: number): void;
  judge(final: readonly Word[]): StableWordsFigures;
}

export interface StableWordsFigures {
  readonly words: number;
  /** Of them, those that the final text does not say: the edit distance to the nearest beginning of it. */
  readonly contradicted: number;
  /** From the end of each word to when it was settled. */
  readonly lagSeconds: readonly number[];
}

export function createStableWords(): StableWords {
  const settled: { readonly word: string; readonly atSeconds: number }[] = [];
  return {
    add(text, atSeconds) {
      for (const word of wordsOf(text).slice(settled.length)) settled.push({ word, atSeconds });
    },
    judge(final) {
      const said = final.flatMap(({ word, end }) => wordsOf(word).map((each) => ({ word: each, end })));
      return {
        words: settled.length,
        contradicted: distanceToBeginning(
          settled.map(({ word }) => word),
          said.map(({ word }) => word),
        ),
        lagSeconds: settled.flatMap(({ atSeconds }, i) => {
          const word = said[i];
          return word === undefined ? [] : [atSeconds - word.end];
        }),
      };
    },
  };
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

function distanceToBeginning(words: readonly string[], whole: readonly string[]): number {
  let previous = Array.from({ length: whole.length + 1 }, (_, i) => i);
  for (const [i, word] of words.entries()) {
    const current = [i + 1];
    for (const [j, other] of whole.entries()) {
      const [changed, left, put] = [previous[j], previous[j + 1], current[j]] as [number, number, number];
      current.push(Math.min(changed + (word === other ? 0 : 1), left + 1, put + 1));
    }
    previous = current;
  }
  return Math.min(...previous);
}

/** Languages without spaces between words. */
const writtenWithoutSpaces = new Set(['zh', 'ja']);

const numbersInEnglish = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export interface WordErrors {
  /** Words put in, left out or changed: the edit distance. */
  readonly errors: number;
  readonly words: number;
}

export interface WordEdits extends WordErrors {
  /** Words left out: of all shortest ways from one text to the other, the one found first. */
  readonly deletions: number;
  readonly insertions: number;
  /** Words of the written text. */
  readonly written: number;
}

interface Texts {
  readonly said: string;
  readonly written: string;
  readonly language: string;
}

/** How far a text is from what was said: by word, or by character where a language has no spaces. */
export function countWordErrors(texts: Texts): WordErrors {
  const { errors, words } = countWordEdits(texts);
  return { errors, words };
}

/** The same with what the errors are. */
export function countWordEdits({ said, written, language }: Texts): WordEdits {
  const from = splitForScoring(said, language);
  const to = splitForScoring(written, language);
  const { errors, deletions } = shortestEdit(from, to);
  // What is put in and left out explains the lengths.
  const insertions = to.length - from.length + deletions;
  return { errors, deletions, insertions, words: from.length, written: to.length };
}

/** After openai/whisper normalizers: no case, no punctuation, small numbers as digits. */
export function splitForScoring(text: string, language: string): string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  if (writtenWithoutSpaces.has(language)) return [...plain.replaceAll(' ', '')];
  return plain.split(' ').filter(Boolean).map(asDigits);
}

function asDigits(word: string): string {
  const number = numbersInEnglish.indexOf(word);
  return number < 0 ? word : String(number);
}

interface Edit {
  readonly errors: number;
  readonly deletions: number;
}

function shortestEdit(from: readonly string[], to: readonly string[]): Edit {
  let previous: Edit[] = Array.from({ length: to.length + 1 }, (_, i) => ({ errors: i, deletions: 0 }));
  for (const [i, word] of from.entries()) {
    const current: Edit[] = [{ errors: i + 1, deletions: i + 1 }];
    for (const [j, other] of to.entries()) {
      const [changed, left, put] = [previous[j], previous[j + 1], current[j]] as [Edit, Edit, Edit];
      const ways = [
        { errors: changed.errors + (word === other ? 0 : 1), deletions: changed.deletions },
        { errors: left.errors + 1, deletions: left.deletions + 1 },
        { errors: put.errors + 1, deletions: put.deletions },
      ];
      current.push(ways.reduce((best, way) => (way.errors < best.errors ? way : best)));
    }
    previous = current;
  }
  return previous.at(-1) as Edit;
}

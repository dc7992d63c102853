/** Languages without spaces between words. */
const writtenWithoutSpaces = new Set(['zh', 'ja']);

const numbersInEnglish = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export interface WordErrors {
  /** Words put in, left out or changed: the edit distance. */
  readonly errors: number;
  readonly words: number;
}

/** How far a text is from what was said: by word, or by character where a language has no spaces. */
export function countWordErrors(request: {
  readonly said: string;
  readonly written: string;
  readonly language: string;
}): WordErrors {
  const said = splitForScoring(request.said, request.language);
  return { errors: editDistance(said, splitForScoring(request.written, request.language)), words: said.length };
}

/** After openai/whisper normalizers: no case, no punctuation, small numbers as digits. */
function splitForScoring(text: string, language: string): string[] {
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

function editDistance(from: readonly string[], to: readonly string[]): number {
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, word] of from.entries()) {
    const current = [i + 1];
    for (const [j, other] of to.entries()) {
      const changed = (previous[j] as number) + (word === other ? 0 : 1);
      current.push(Math.min(changed, (previous[j + 1] as number) + 1, (current[j] as number) + 1));
    }
    previous = current;
  }
  return previous.at(-1) as number;
}

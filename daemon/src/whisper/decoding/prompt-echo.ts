import { lettersOf } from '../recovery/repeats-neighbour.ts';

/** Nobody speaks faster. */
const mostLettersPerSecond = 25;
/** The same sound heard with and without a prompt differs by less than this share of its letters. */
const largestDifference = 0.65;

/** Whether a text holds nothing but a part of the text before it. */
export function isEcho(text: string, leadingText: string): boolean {
  const letters = lettersOf(text);
  return letters !== '' && lettersOf(leadingText).includes(letters);
}

/** Whether a text that a prompt led to is what the same sound says without it, differently spelled at most. */
export function isLikeWithoutPrompt(text: string, unledText: string, speechSeconds: number): boolean {
  const letters = lettersOf(text);
  const unled = lettersOf(unledText);
  if (letters.length > mostLettersPerSecond * speechSeconds) return false;
  return editDistance(letters, unled) < largestDifference * Math.max(letters.length, unled.length);
}

function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const current = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const changed = (previous[j] as number) + (from[i] === to[j] ? 0 : 1);
      current.push(Math.min(changed, (previous[j + 1] as number) + 1, (current[j] as number) + 1));
    }
    previous = current;
  }
  return previous.at(-1) as number;
}

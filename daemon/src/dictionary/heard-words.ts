import type { DictionaryEntry } from '../protocol/words.ts';
import { nearnessOf, soundingOf } from './nearness.ts';
import type { OrdinaryWords } from './ordinary-words.ts';
import { type SpokenWord, spokenWords } from './spoken-words.ts';

/** A part of a text, and the word of the dictionary that was said there. */
export interface HeardWord {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/** So much of a word has to be in what stood at its place, by sound or by spelling. */
const leastLike = 0.4;
/** The share of their words in which two texts of one sound agree, but for the names. */
const leastInCommon = 0.5;

/**
 * Compares a text with what the same sound says with some words before it: where the other writes one of them and this one
 * has something near it. Everything else that they differ in is nobody's business.
 */
export function findHeard(
  text: string,
  {
    led,
    entries,
    isOrdinary,
  }: { readonly led: string; readonly entries: readonly DictionaryEntry[]; readonly isOrdinary: OrdinaryWords },
): readonly HeardWord[] {
  const names = entries.map(({ word }) => ({ word, letters: spokenWords(word).map(({ letters }) => letters) }));
  const [from, to] = [spokenWords(text), spokenWords(led)];
  const { common, parts } = differences(from, to);
  const heard = parts.flatMap(({ was, is }) => {
    const written = names.filter(({ letters }) => letters.length > 0 && includesRun(is, letters));
    const [name] = written;
    // Which of two stands where would be a guess.
    if (name === undefined || written.length > 1) return [];
    const place = nearestPart(was, name.letters.join(''));
    return place === null || (place.length === 1 && place.every(isOrdinary)) ? [] : [{ place, ...name }];
  });
  const explained = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, common);
  // A list that is handed back says nothing of the sound.
  const isSameSound =
    explained(heard.map(({ place }) => place.length)) >= leastInCommon * from.length &&
    explained(heard.map(({ letters }) => letters.length)) >= leastInCommon * to.length;
  if (!isSameSound) return [];
  return heard.map(({ place, word }) => ({ start: place[0]?.start ?? 0, end: place.at(-1)?.end ?? 0, word }));
}

function includesRun(words: readonly SpokenWord[], run: readonly string[]): boolean {
  return words.some((_, index) => run.every((letters, i) => words[index + i]?.letters === letters));
}

/** The words that are nearest to a name together; null if none are near. */
function nearestPart(words: readonly SpokenWord[], name: string): readonly SpokenWord[] | null {
  const sounding = soundingOf(name);
  let best: { readonly part: readonly SpokenWord[]; readonly likeness: number } | null = null;
  for (let first = 0; first < words.length; first++) {
    for (let last = first + 1; last <= words.length; last++) {
      const part = words.slice(first, last);
      const { spelled, sounded } = nearnessOf(sounding, soundingOf(part.map(({ letters }) => letters).join('')));
      const likeness = spelled + sounded;
      if (Math.max(spelled, sounded) >= leastLike && likeness > (best?.likeness ?? 0)) best = { part, likeness };
    }
  }
  return best?.part ?? null;
}

interface Difference {
  readonly was: SpokenWord[];
  readonly is: SpokenWord[];
}

/** The parts in which two lists of words differ, by their longest common subsequence, and how long that is. */
function differences(
  from: readonly SpokenWord[],
  to: readonly SpokenWord[],
): { readonly parts: readonly Difference[]; readonly common: number } {
  const lengths = commonLengths(from, to);
  const found: Difference[] = [];
  let isSame = true;
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const [old, next] = [from[i], to[j]];
    if (old !== undefined && next !== undefined && old.letters === next.letters) {
      isSame = true;
      i += 1;
      j += 1;
      continue;
    }
    if (isSame) found.push({ was: [], is: [] });
    isSame = false;
    const skipsOld = next === undefined || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1);
    if (old !== undefined && skipsOld) {
      found.at(-1)?.was.push(old);
      i += 1;
    } else if (next !== undefined) {
      found.at(-1)?.is.push(next);
      j += 1;
    }
  }
  return { parts: found, common: lengthAt(lengths, 0, 0) };
}

/** For each pair of places, how many words the rests of both lists have in common. */
function commonLengths(from: readonly SpokenWord[], to: readonly SpokenWord[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0));
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const isSame = from[i]?.letters === to[j]?.letters;
      const longest = Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
      (lengths[i] as number[])[j] = isSame ? lengthAt(lengths, i + 1, j + 1) + 1 : longest;
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

import type { DictionaryEntry } from '../protocol/words.ts';
import { alignWords } from './align-words.ts';
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
/** So many words more than a name has may have stood at its place. */
const mostMoreWords = 3;

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
  const [from, to] = [spokenWords(text), spokenWords(led)];
  const aligned = alignWords(from.map(lettersIn), to.map(lettersIn));
  const names = namesIn(to, entries).filter(({ first, last }) => !isUnchanged(aligned.slice(first, last)));
  let doneUntil = 0;
  const heard = names.flatMap((name) => {
    const { start, end } = placeOf(name, aligned, from.length);
    const place = nearestPart(from.slice(Math.max(start, doneUntil), end), name);
    if (place === null || (place.length === 1 && place.every(isOrdinary))) return [];
    doneUntil = from.indexOf(place.at(-1) as SpokenWord) + 1;
    return [{ place, ...name }];
  });
  const common = (words: readonly number[]) => words.filter((place) => place !== -1).length;
  const renamed = heard.reduce((sum, { place }) => sum + place.length, 0);
  const written = heard.reduce((sum, { first, last }) => sum + last - first, 0);
  const inNames = heard.reduce((sum, { first, last }) => sum + common(aligned.slice(first, last)), 0);
  const agreed = common(aligned) - inNames;
  // A list that is handed back says nothing of the sound.
  const isSameSound =
    agreed + renamed >= leastInCommon * from.length &&
    agreed + written >= leastInCommon * to.length &&
    heard.length * 2 > names.length;
  if (!isSameSound) return [];
  return heard.map(({ place, word }) => ({ start: place[0]?.start ?? 0, end: place.at(-1)?.end ?? 0, word }));
}

interface Name {
  readonly word: string;
  readonly letters: string;
  /** The words of the text that it is. */
  readonly first: number;
  readonly last: number;
}

/** Where a text writes words of a list, of two at one place the longer one. */
function namesIn(words: readonly SpokenWord[], entries: readonly DictionaryEntry[]): readonly Name[] {
  const listed = entries
    .map(({ word }) => ({ word, parts: spokenWords(word).map(lettersIn) }))
    .filter(({ parts }) => parts.length > 0)
    .sort((one, other) => other.parts.length - one.parts.length);
  const found: Name[] = [];
  for (let first = 0; first < words.length; first++) {
    const name = listed.find(({ parts }) => parts.every((letters, i) => words[first + i]?.letters === letters));
    if (name === undefined) continue;
    found.push({ word: name.word, letters: name.parts.join(''), first, last: first + name.parts.length });
    first += name.parts.length - 1;
  }
  return found;
}

/** Whether both texts have these words, one after the other. */
function isUnchanged(places: readonly number[]): boolean {
  return places.every((place, index) => place !== -1 && place === (places[0] ?? 0) + index);
}

/** The words of the first text between those around a name that both have. */
function placeOf(
  { first, last }: Name,
  aligned: readonly number[],
  length: number,
): { readonly start: number; readonly end: number } {
  const before = aligned.slice(0, first).findLast((place) => place !== -1) ?? -1;
  const after = aligned.slice(last).find((place) => place !== -1) ?? length;
  return { start: before + 1, end: after };
}

/** The words that are nearest to a name together; null if none are near. */
function nearestPart(words: readonly SpokenWord[], { letters, first, last }: Name): readonly SpokenWord[] | null {
  const sounding = soundingOf(letters);
  const most = last - first + mostMoreWords;
  let best: { readonly part: readonly SpokenWord[]; readonly likeness: number } | null = null;
  for (let start = 0; start < words.length; start++) {
    for (let end = start + 1; end <= Math.min(start + most, words.length); end++) {
      const part = words.slice(start, end);
      const { spelled, sounded } = nearnessOf(sounding, soundingOf(part.map(lettersIn).join('')));
      const likeness = spelled + sounded;
      if (Math.max(spelled, sounded) >= leastLike && likeness > (best?.likeness ?? 0)) best = { part, likeness };
    }
  }
  return best?.part ?? null;
}

function lettersIn({ letters }: SpokenWord): string {
  return letters;
}

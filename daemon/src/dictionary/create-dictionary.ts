import type { DictionaryEntry } from '../protocol/words.ts';
import { type Nearness, nearnessOf, type Sounding, soundingOf } from './nearness.ts';
import { isUnspaced, lettersOf, type SpokenWord, spokenWords } from './spoken-words.ts';

/** A part of a text that is near a word of the dictionary. */
export interface NearWord extends Nearness {
  readonly entry: DictionaryEntry;
  /** The words of the text. */
  readonly said: readonly SpokenWord[];
  /** In UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** The letters are those of the word itself. */
  readonly isWritten: boolean;
}

/** A person's names and terms, prepared to be looked for in many texts. */
export interface Dictionary {
  /** What a text of a language may mean by some of its words. */
  findNear(text: string, language: string): readonly NearWord[];
}

interface Form extends Sounding {
  readonly entry: DictionaryEntry;
  readonly isWord: boolean;
}

/** Shorter ones are near to everything. */
const fewestLetters = 3;
/** No word of a dictionary has more: 100 characters, written out. */
const mostLetters = 300;
/** Of words with spaces between them; of characters without, as many as the form has and one more. */
const mostSpacedWords = 4;
const mostUnspacedWords = 12;
const joins = /^(?:[\s'’-]*|[.・])$/u;

/** A long list costs as much for each text as a short one: forms are looked up by what they sound like, give or take a sound. */
export function createDictionary(entries: readonly DictionaryEntry[]): Dictionary {
  const forms = entries.flatMap(formsOf);
  const byKey = new Map<string, Form[]>();
  for (const form of forms) {
    for (const key of keysOf(form)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [form]);
      else known.push(form);
    }
  }

  function nearTo(said: readonly SpokenWord[], language: string): readonly NearWord[] {
    const sounding = soundingOf(said.map(({ letters }) => letters).join(''));
    if (sounding.letters.length < fewestLetters || sounding.letters.length > mostLetters) return [];
    const near = new Map<DictionaryEntry, NearWord>();
    for (const form of new Set(keysOf(sounding).flatMap((key) => byKey.get(key) ?? []))) {
      const { entry } = form;
      if (entry.language !== undefined && entry.language !== language) continue;
      const nearness = nearnessOf(form, sounding);
      const before = near.get(entry);
      if (before !== undefined && sumOf(before) >= sumOf(nearness)) continue;
      const isWritten = form.isWord && form.letters === sounding.letters;
      const [start, end] = [said[0]?.start ?? 0, said.at(-1)?.end ?? 0];
      near.set(entry, { entry, said, start, end, isWritten, ...nearness });
    }
    return [...near.values()];
  }

  return {
    findNear(text, language) {
      if (byKey.size === 0) return [];
      return spansOf(text).flatMap((said) => nearTo(said, language));
    },
  };
}

function formsOf(entry: DictionaryEntry): readonly Form[] {
  const forms = [entry.word, ...(entry.soundsLike ?? [])].map((text, index) => ({
    entry,
    isWord: index === 0,
    ...soundingOf(lettersOf(text)),
  }));
  return forms.filter(({ letters }) => letters.length >= fewestLetters);
}

/** Two words whose keys have one in common differ by two sounds at most. Some are easily taken for each other: m and n. */
function keysOf({ letters, sounds }: Sounding): readonly string[] {
  const shapes =
    sounds.length === 0 ? [letters] : sounds.map((sound) => sound.replaceAll('M', 'N').replaceAll('0', 'T'));
  return shapes.flatMap((shape) => (shape.length < 4 ? [shape] : [shape, ...withoutOne(shape)]));
}

function withoutOne(shape: string): readonly string[] {
  return [...shape].map((_, index) => shape.slice(0, index) + shape.slice(index + 1));
}

function sumOf({ spelled, sounded }: Nearness): number {
  return spelled + sounded;
}

/** One word or some that follow one another, with nothing between them that ends a sentence. */
function spansOf(text: string): readonly (readonly SpokenWord[])[] {
  const words = spokenWords(text);
  return words.flatMap((word, first) => {
    const spans: (readonly SpokenWord[])[] = [];
    const most = isUnspaced(word) ? mostUnspacedWords : mostSpacedWords;
    for (let last = first; last < Math.min(first + most, words.length); last++) {
      const [before, own] = [words[last - 1], words[last]] as [SpokenWord, SpokenWord];
      if (last > first && !joins.test(text.slice(before.end, own.start))) break;
      spans.push(words.slice(first, last + 1));
    }
    return spans;
  });
}

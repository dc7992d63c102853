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

type Near = Omit<NearWord, 'said' | 'start' | 'end'>;

interface Form extends Sounding {
  readonly entry: DictionaryEntry;
  readonly isWord: boolean;
}

/** Shorter ones are near to everything. */
const fewestLetters = 3;
const fewestSounds = 4;
/** No word of a dictionary has more: 100 characters, written out. */
const mostLetters = 300;
/** Of words with spaces between them; of characters without, as many as the form has and one more. */
const mostSpacedWords = 4;
const mostUnspacedWords = 12;
const joins = /^(?:[\s'’-]*|[.・])$/u;

/** Forms of one sound that a text is compared with, the first of the list: nobody waits for a list of words that all sound alike. */
const mostAlike = 100;
/** Words that are remembered with the parts of texts that they are near to: a text comes in pieces, and once more as a whole. */
const mostRemembered = 100_000;

/** A long list costs as much for each text as a short one: forms are looked up by what they sound like, give or take a sound. */
export function createDictionary(entries: readonly DictionaryEntry[]): Dictionary {
  const forms = entries.flatMap(formsOf);
  const written = indexOf(
    forms.filter(({ isWord }) => isWord),
    ({ letters }) => [letters],
  );
  const sameSound = indexOf(forms, shapesOf);
  const nearSound = indexOf(forms, (form) => shapesOf(form).flatMap(withoutOne));
  const remembered = new Map<string, readonly Near[]>();
  let rememberedCount = 0;

  function candidates(sounding: Sounding): ReadonlySet<Form> {
    const shapes = shapesOf(sounding);
    const keys = [...shapes, ...shapes.flatMap(withoutOne)];
    const alike = keys.flatMap((key) => [...(sameSound.get(key) ?? []), ...(nearSound.get(key) ?? [])]);
    return new Set([...(written.get(sounding.letters) ?? []), ...alike]);
  }

  function lookUp(letters: string, language: string): readonly Near[] {
    const sounding = soundingOf(letters);
    const near = new Map<DictionaryEntry, Near>();
    for (const form of candidates(sounding)) {
      const { entry } = form;
      if (entry.language !== undefined && entry.language !== language) continue;
      const nearness = nearnessOf(form, sounding);
      const before = near.get(entry);
      if (before !== undefined && sumOf(before) >= sumOf(nearness)) continue;
      near.set(entry, { entry, isWritten: form.isWord && form.letters === letters, ...nearness });
    }
    return [...near.values()];
  }

  function remember(key: string, near: readonly Near[]): readonly Near[] {
    rememberedCount += 1 + near.length;
    if (rememberedCount > mostRemembered) {
      remembered.clear();
      rememberedCount = 1 + near.length;
    }
    remembered.set(key, near);
    return near;
  }

  function nearTo(said: readonly SpokenWord[], language: string): readonly NearWord[] {
    const letters = said.map((word) => word.letters).join('');
    if (letters.length < fewestLetters || letters.length > mostLetters) return [];
    const key = `${language} ${letters}`;
    const near = remembered.get(key) ?? remember(key, lookUp(letters, language));
    const [start, end] = [said[0]?.start ?? 0, said.at(-1)?.end ?? 0];
    return near.map((each) => ({ said, start, end, ...each }));
  }

  return {
    findNear(text, language) {
      if (forms.length === 0) return [];
      return spansOf(text).flatMap((said) => nearTo(said, language));
    },
  };
}

/** Forms by each of their keys, of many with the same the first ones. */
function indexOf(
  forms: readonly Form[],
  keysOf: (form: Form) => readonly string[],
): ReadonlyMap<string, readonly Form[]> {
  const index = new Map<string, Form[]>();
  for (const form of forms) {
    for (const key of new Set(keysOf(form))) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [form]);
      else if (known.length < mostAlike) known.push(form);
    }
  }
  return index;
}

function formsOf(entry: DictionaryEntry): readonly Form[] {
  const spellings = new Set([entry.word, ...(entry.soundsLike ?? [])].map(lettersOf));
  return [...spellings]
    .map((letters, index) => ({ entry, isWord: index === 0, ...soundingOf(letters) }))
    .filter(({ letters }) => letters.length >= fewestLetters);
}

/** What a word sounds like. Some sounds are easily taken for each other: m and n. */
function shapesOf({ letters, sounds }: Sounding): readonly string[] {
  if (sounds.length === 0) return [letters];
  return [...new Set(sounds.map((sound) => sound.replaceAll('M', 'N').replaceAll('0', 'T')))];
}

/** Without each of its sounds: two shapes that have one of these in common differ by two sounds at most. */
function withoutOne(shape: string): readonly string[] {
  if (shape.length < fewestSounds) return [];
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

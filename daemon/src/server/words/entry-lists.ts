import type { TSchema } from 'typebox';
import { phraseKey } from '../../clean-up/fold-characters.ts';
import {
  type DictionaryEntry,
  DictionaryEntrySchema,
  type Replacement,
  ReplacementSchema,
} from '../../protocol/words.ts';

/** One of the lists in the file of words. */
export interface EntryList {
  readonly schema: TSchema;
  /** The words that an entry is for, also of one that cannot be used otherwise; null where it names none. */
  keyOf(entry: unknown): string | null;
  /** How much of `mostEffort` its preparation takes. */
  effortOf(entry: unknown): number;
  readonly title: string;
  readonly plural: string;
}

export const replacementList: EntryList = {
  schema: ReplacementSchema,
  keyOf: (entry) => keyOf((entry as Partial<Replacement> | null)?.say),
  effortOf: () => 0,
  title: 'Entry',
  plural: 'entries',
};

export const dictionaryList: EntryList = {
  schema: DictionaryEntrySchema,
  keyOf: (entry) => keyOf((entry as Partial<DictionaryEntry> | null)?.word),
  // Each form is looked up without each of its sounds.
  effortOf(entry) {
    const { word, soundsLike = [] } = entry as DictionaryEntry;
    return [word, ...soundsLike].reduce((sum, { length }) => sum + length * length, 0);
  },
  title: 'Dictionary entry',
  plural: 'dictionary entries',
};

function keyOf(words: unknown): string | null {
  return typeof words === 'string' ? phraseKey(words) : null;
}

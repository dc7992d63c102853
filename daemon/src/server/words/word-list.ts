import type { DictionaryEntry, Replacement, WordList } from '../../protocol/words.ts';

/** The home's lists: what people say and what is written for it, and their names and terms. */
export interface WordListFile {
  /**
   * The lists as the file has them now, the same until it changes. A broken file is a problem and not an error; of one whose
   * disk does not answer, what was read last.
   */
  read(): Promise<WordList>;
  /** Adds entries; one for the same words takes the place of the older one. @throws `WORDS_INVALID`, `HOME_NOT_WRITABLE`, `DISK_FULL` */
  add(lists: {
    readonly words?: readonly Replacement[] | undefined;
    readonly dictionary?: readonly DictionaryEntry[] | undefined;
  }): Promise<void>;
  /** Removes the replacement for some words, a word of the dictionary, or both or none. @throws `WORD_NOT_FOUND`, what `add` throws */
  remove(entries: { readonly say?: string | undefined; readonly word?: string | undefined }): Promise<void>;
  /** Removes all; returns how many there were. @throws what `add` throws */
  clear(): Promise<number>;
}

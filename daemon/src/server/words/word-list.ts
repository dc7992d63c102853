import type { Replacement, WordList } from '../../protocol/words.ts';

/** What people say and what is written for it: the home's list. */
export interface WordListFile {
  /** The list as the file has it now. A broken file is a problem and not an error. */
  read(): WordList;
  /** Adds replacements; one for the same words takes the place of the older one. @throws `WORDS_INVALID`, `HOME_NOT_WRITABLE`, `DISK_FULL` */
  add(replacements: readonly Replacement[]): void;
  /** Removes the replacement for these words. @throws `WORD_NOT_FOUND`, what `add` throws */
  remove(say: string): void;
  /** Removes all; returns how many there were. @throws what `add` throws */
  clear(): number;
}

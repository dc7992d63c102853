import { phraseKey } from '../../clean-up/fold-characters.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import type { Replacement } from '../../protocol/words.ts';
import { mostWords, readEntries } from './read-entries.ts';
import { replaceFile } from './replace-file.ts';
import type { WordListFile } from './word-list.ts';

/**
 * The list in a file that its owner may edit as well: it is read at each use, and entries that are wrong stay in it when
 * others change.
 */
export function openWordList(path: string): WordListFile {
  function entriesToChange(): readonly unknown[] {
    const { entries, fault } = readEntries(path);
    if (fault !== null) throw new HearthError('WORDS_INVALID', fault);
    return entries;
  }

  function write(entries: readonly unknown[]): void {
    replaceFile(path, `${JSON.stringify({ words: entries }, null, 2)}\n`);
  }

  return {
    read() {
      const { words, problems, fault } = readEntries(path);
      return { words, problems: fault === null ? problems : [fault] };
    },
    add(replacements) {
      // A later one of the same words counts, in the place of the first.
      const added = new Map<string, unknown>(replacements.map((each) => [phraseKey(each.say), each]));
      const kept = entriesToChange().map((entry) => {
        const key = keyOf(entry);
        const other = key === null ? undefined : added.get(key);
        if (key !== null) added.delete(key);
        return other ?? entry;
      });
      const entries = [...kept, ...added.values()];
      if (entries.length > mostWords) {
        throw new HearthError('WORDS_INVALID', `Expected at most ${mostWords} words, got ${entries.length}.`);
      }
      write(entries);
    },
    remove(say) {
      const entries = entriesToChange();
      const kept = entries.filter((entry) => keyOf(entry) !== phraseKey(say));
      if (kept.length === entries.length) {
        throw new HearthError('WORD_NOT_FOUND', `The list has no words for "${shorten(say)}".`);
      }
      write(kept);
    },
    clear() {
      const { length } = entriesToChange();
      write([]);
      return length;
    },
  };
}

/** The words that an entry is for, also of one that cannot be used otherwise. */
function keyOf(entry: unknown): string | null {
  const { say } = (entry ?? {}) as Partial<Replacement>;
  return typeof say === 'string' ? phraseKey(say) : null;
}

import { createDictionary, type Dictionary } from '../dictionary/create-dictionary.ts';
import type { DictionaryEntry } from '../protocol/words.ts';

/** Prepares the dictionary that comes with a job, once for all jobs that come with the same. */
export function prepareDictionaries(): (entries: readonly DictionaryEntry[] | undefined) => Dictionary | undefined {
  let last: { readonly key: string; readonly dictionary: Dictionary } | null = null;
  return (entries = []) => {
    if (entries.length === 0) return undefined;
    const key = JSON.stringify(entries);
    if (last?.key !== key) last = { key, dictionary: createDictionary(entries) };
    return last.dictionary;
  };
}

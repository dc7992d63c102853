import { Value } from 'typebox/value';
import { isShallow, mostLevels } from '../../errors/is-shallow.ts';
import { shorten } from '../../errors/shorten.ts';
import { systemReason } from '../../errors/system-reason.ts';
import type { DictionaryEntry, Replacement } from '../../protocol/words.ts';
import { readGivenFile } from '../../settings/read-given-file.ts';
import { dictionaryList, type EntryList, replacementList } from './entry-lists.ts';

export interface Entries<Entry> {
  /** All that the file lists, right or wrong. */
  readonly entries: readonly unknown[];
  /** Those that can be used. */
  readonly used: readonly Entry[];
  /** What is wrong with the others. */
  readonly problems: readonly string[];
}

export interface WordsFile {
  readonly words: Entries<Replacement>;
  readonly dictionary: Entries<DictionaryEntry>;
  /** All that the file holds, also what is not Hearth's. */
  readonly content: object;
  /** Why nothing of the file can be used, or changed without losing what its owner wrote; null if it can. */
  readonly fault: string | null;
}

/** More would make each text wait. */
export const mostWords = 5000;
const mostBytes = 16 * 1024 * 1024;
/** 5,000 names of 20 letters, each with three ways in which it is mis-heard; a second of preparation. */
const mostEffort = 8_000_000;

const none = { entries: [], used: [], problems: [] };
const nothing: WordsFile = { words: none, dictionary: none, content: {}, fault: null };

/** Reads `{ "words": [{ "say", "write" }], "dictionary": [{ "word" }] }`. A missing file is an empty list. */
export async function readEntries(path: string): Promise<WordsFile> {
  try {
    const content: unknown = JSON.parse((await readGivenFile(path, mostBytes)).toString());
    if (isShallow(content)) return listed(path, content);
    return broken(`Expected JSON of at most ${mostLevels} levels in ${path}, got more.`);
  } catch (cause) {
    if (cause instanceof SyntaxError) return broken(`Expected JSON in ${path}, got something else.`);
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    return broken(`${path} cannot be read: ${systemReason(cause)}.`);
  }
}

function listed(path: string, content: unknown): WordsFile {
  const given = (content ?? {}) as { readonly words?: unknown; readonly dictionary?: unknown };
  const { dictionary = [] } = given;
  const { words = given.dictionary === undefined ? undefined : [] } = given;
  if (!Array.isArray(words)) return broken(`Expected { "words": [ … ] } in ${path}, got something else.`);
  if (!Array.isArray(dictionary)) return broken(`Expected { "dictionary": [ … ] } in ${path}, got something else.`);
  return {
    words: usedOf<Replacement>(path, words, replacementList),
    dictionary: usedOf<DictionaryEntry>(path, dictionary, dictionaryList),
    content: given,
    fault: null,
  };
}

function usedOf<Entry>(path: string, entries: readonly unknown[], list: EntryList): Entries<Entry> {
  const used = new Map<string, Entry>();
  const problems: string[] = [];
  let effort = 0;
  for (const [index, entry] of entries.slice(0, mostWords).entries()) {
    const problem = problemOf(entry, used, list);
    effort += problem === null ? list.effortOf(entry) : 0;
    if (effort > mostEffort) {
      problems.push(
        `${path} has more ${list.plural} than can be looked for: those before entry ${index + 1} are used.`,
      );
      break;
    }
    if (problem === null) used.set(list.keyOf(entry) ?? '', entry as Entry);
    else problems.push(`${list.title} ${index + 1} of ${path} is not used: ${problem}.`);
  }
  if (entries.length > mostWords) {
    const limit = `Expected at most ${mostWords} ${list.plural} in ${path}, got ${entries.length}.`;
    problems.push(`${limit} The first ${mostWords} are used.`);
  }
  return { entries, used: [...used.values()], problems };
}

function problemOf(entry: unknown, used: ReadonlyMap<string, unknown>, { schema, keyOf }: EntryList): string | null {
  if (!Value.Check(schema, entry)) {
    const [error] = Value.Errors(schema, entry);
    const key = error?.instancePath.slice(1) ?? '';
    return `${key === '' ? 'it' : key} ${error?.message ?? 'is wrong'}`;
  }
  const key = keyOf(entry) ?? '';
  return used.has(key) ? `an entry before it is for "${shorten(key)}" too` : null;
}

function broken(fault: string): WordsFile {
  return { ...nothing, fault };
}

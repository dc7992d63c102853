import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { phraseKey } from '../../clean-up/fold-characters.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { systemReason } from '../../errors/system-reason.ts';
import type { WordList } from '../../protocol/words.ts';
import { fileBehind } from '../../settings/file-behind.ts';
import { boundFileWork, notAnswering } from '../../settings/file-work.ts';
import { replaceFile } from '../../settings/replace-file.ts';
import { dictionaryList, type EntryList, replacementList } from './entry-lists.ts';
import { mostWords, readEntries as readEntriesOf, type WordsFile } from './read-entries.ts';
import type { WordListFile } from './word-list.ts';

/** How long a file is waited for that may be on a disk which does not answer. */
const defaultPatienceMs = 2_000;

export interface WordListRequest {
  readonly patienceMs?: number;
  readonly readEntries?: typeof readEntriesOf;
}

interface Lists {
  /** The rest of the file is its owner's. */
  readonly content: object;
  readonly words: readonly unknown[];
  readonly dictionary: readonly unknown[];
}

/**
 * The lists in a file that its owner may edit as well: it is looked at before each use and read again if it is another.
 * Entries that are wrong stay in it when others change.
 */
export function openWordList(
  path: string,
  { patienceMs = defaultPatienceMs, readEntries = readEntriesOf }: WordListRequest = {},
): WordListFile {
  /** What was read last. */
  let last: { readonly version: string; readonly list: WordList } | null = null;
  const files = boundFileWork({ mostAtOnce: 1 });
  let isSilent = false;
  let lastChange: Promise<unknown> = Promise.resolve();

  async function read(): Promise<WordList> {
    if (isSilent) return lastRead();
    try {
      return await onDisk(look);
    } catch {
      return lastRead();
    }
  }

  /** @throws ETIMEDOUT. Until the disk answers, nobody waits for it again. */
  function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
    const answered = async () => {
      const result = await work();
      isSilent = false;
      return result;
    };
    return files.run('', answered, patienceMs).catch((error: unknown) => {
      isSilent = true;
      throw error;
    });
  }

  function lastRead(): WordList {
    const { words, dictionary } = last?.list ?? { words: [], dictionary: [] };
    return { words, dictionary, problems: [`${unreadable(path)} What was read last is used.`] };
  }

  async function look(): Promise<WordList> {
    const version = await versionOf(path);
    if (last === null || last.version !== version) last = { version, list: listIn(await readEntries(path)) };
    return last.list;
  }

  /** One change after the other: each begins with what the one before it has written. */
  function change<Result>(make: (lists: Lists) => Result): Promise<Result> {
    const changed = lastChange.then(async () => make(await listsToChange()));
    lastChange = changed.catch(() => undefined);
    return changed;
  }

  async function listsToChange(): Promise<Lists> {
    const { words, dictionary, content, fault } = await onDisk(() => readEntries(path)).catch((cause: unknown) => {
      throw new HearthError('WORDS_INVALID', unreadable(path), { cause });
    });
    if (fault !== null) throw new HearthError('WORDS_INVALID', fault);
    return { content, words: words.entries, dictionary: dictionary.entries };
  }

  /** A link stays one, and the file that it leads to keeps its mode. */
  function write({ content, words, dictionary }: Lists): void {
    const { dictionary: _, ...others } = content as { readonly dictionary?: unknown };
    const written = { ...others, words, ...(dictionary.length > 0 && { dictionary }) };
    const file = fileBehind(path);
    const mode = file === path ? undefined : statSync(file, { throwIfNoEntry: false })?.mode;
    replaceFile(file, `${JSON.stringify(written, null, 2)}\n`, mode === undefined ? undefined : mode & 0o777);
    last = null;
  }

  return {
    read,
    add: ({ words = [], dictionary = [] }) =>
      change((lists) =>
        write({
          ...lists,
          words: withAdded(lists.words, words, replacementList),
          dictionary: withAdded(lists.dictionary, dictionary, dictionaryList),
        }),
      ),
    remove: ({ say, word }) =>
      change((lists) =>
        write({
          ...lists,
          words: say === undefined ? lists.words : without(lists.words, say, replacementList),
          dictionary: word === undefined ? lists.dictionary : without(lists.dictionary, word, dictionaryList),
        }),
      ),
    clear: () =>
      change(({ words, dictionary, content }) => {
        write({ content, words: [], dictionary: [] });
        return words.length + dictionary.length;
      }),
  };
}

function unreadable(path: string): string {
  return `${path} cannot be read: ${systemReason(notAnswering())}.`;
}

function listIn({ words, dictionary, fault }: WordsFile): WordList {
  const problems = fault === null ? [...words.problems, ...dictionary.problems] : [fault];
  return { words: words.used, dictionary: dictionary.used, problems };
}

/** Another one whenever the file may hold something else. */
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** A later one of the same words counts, in the place of the first. */
function withAdded(
  entries: readonly unknown[],
  given: readonly unknown[],
  { keyOf, plural }: EntryList,
): readonly unknown[] {
  const added = new Map<string | null, unknown>(given.map((each) => [keyOf(each), each]));
  const kept = entries.map((entry) => {
    const key = keyOf(entry);
    const other = key === null ? undefined : added.get(key);
    if (key !== null) added.delete(key);
    return other ?? entry;
  });
  const all = [...kept, ...added.values()];
  if (given.length > 0 && all.length > mostWords) {
    throw new HearthError('WORDS_INVALID', `Expected at most ${mostWords} ${plural}, got ${all.length}.`);
  }
  return all;
}

function without(entries: readonly unknown[], words: string, { keyOf }: EntryList): readonly unknown[] {
  const kept = entries.filter((entry) => keyOf(entry) !== phraseKey(words));
  if (kept.length < entries.length) return kept;
  throw new HearthError('WORD_NOT_FOUND', `The list has no words for "${shorten(words)}".`);
}

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { systemReason } from '../errors/system-reason.ts';
import { type DictionaryEntry, DictionaryEntrySchema, type Replacement, ReplacementSchema } from '../protocol/words.ts';

export interface ReadWords {
  readonly words: readonly Replacement[];
  readonly dictionary: readonly DictionaryEntry[];
  /** What is wrong with the other entries, each with its place. */
  readonly problems: readonly string[];
}

interface PlacedEntry {
  readonly place: string;
  readonly entry: unknown;
}

interface PlacedEntries {
  readonly words: readonly PlacedEntry[];
  readonly dictionary: readonly PlacedEntry[];
}

/**
 * Reads replacements and a dictionary; `-` is standard input. Lines are one of them: `isDictionary` says which.
 * @throws `OPTION_INVALID` for a file that cannot be read
 */
export async function readWordsFile(
  path: string,
  { isDictionary }: { readonly isDictionary: boolean },
): Promise<ReadWords> {
  const content = (await readContent(path)).replace(/^\uFEFF/, '');
  const isJson = /^\s*[[{]/.test(content);
  const { words, dictionary } = isJson
    ? entriesOfJson(path, content, isDictionary)
    : entriesOfOne(entriesOfLines(content, isDictionary), isDictionary);
  const replacements = checked<Replacement>(words, ReplacementSchema, describeReplacement);
  const names = checked<DictionaryEntry>(dictionary, DictionaryEntrySchema, describeName);
  const problems = [...replacements.problems, ...names.problems].map((problem) => `${path}, ${problem}`);
  return { words: replacements.right, dictionary: names.right, problems };
}

function entriesOfOne(entries: readonly PlacedEntry[], isDictionary: boolean): PlacedEntries {
  return isDictionary ? { words: [], dictionary: entries } : { words: entries, dictionary: [] };
}

function checked<Entry>(
  entries: readonly PlacedEntry[],
  schema: TSchema,
  describe: (entry: unknown) => string,
): { readonly right: readonly Entry[]; readonly problems: readonly string[] } {
  const isRight = ({ entry }: PlacedEntry) => Value.Check(schema, entry);
  return {
    right: entries.filter(isRight).map(({ entry }) => entry as Entry),
    problems: entries.filter((each) => !isRight(each)).map(({ place, entry }) => `${place}: ${describe(entry)}`),
  };
}

async function readContent(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (cause) {
    throw new HearthError('OPTION_INVALID', `${path} cannot be read: ${systemReason(cause)}.`, {
      hint: 'Name a file with a list of words.',
      cause,
    });
  }
}

function entriesOfJson(path: string, content: string, isDictionary: boolean): PlacedEntries {
  const listed = parse(content);
  const lists = Array.isArray(listed) ? { [isDictionary ? 'dictionary' : 'words']: listed } : (listed ?? {});
  const { words = [], dictionary = [] } = lists as { readonly words?: unknown; readonly dictionary?: unknown };
  const hasList = 'words' in (lists as object) || 'dictionary' in (lists as object);
  if (hasList && Array.isArray(words) && Array.isArray(dictionary)) {
    return { words: words.map(placed('entry')), dictionary: dictionary.map(placed('dictionary entry')) };
  }
  throw new HearthError('OPTION_INVALID', `Expected a list of words in ${path}, got something else.`, {
    hint: 'Write it as `hearth words --json` prints it.',
  });
}

function placed(name: string): (entry: unknown, index: number) => PlacedEntry {
  return (entry, index) => ({ place: `${name} ${index + 1}`, entry });
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Empty lines and those that begin with # are comments. */
function entriesOfLines(content: string, isDictionary: boolean): readonly PlacedEntry[] {
  return content.split(/\r\n|\r|\n/).flatMap((line, index): readonly PlacedEntry[] => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const place = `line ${index + 1}`;
    const cut = line.includes('\t') ? line.indexOf('\t') : line.indexOf('=');
    if (isDictionary)
      return [{ place, entry: nameOf(cut === -1 ? [line] : [line.slice(0, cut), line.slice(cut + 1)]) }];
    if (cut === -1) return [{ place, entry: line }];
    const write = line
      .slice(cut + 1)
      .trim()
      .replaceAll('\\n', '\n');
    return [{ place, entry: { say: line.slice(0, cut).trim(), write } }];
  });
}

function nameOf([word = '', sounds = '']: readonly string[]): DictionaryEntry {
  const soundsLike = sounds.split(',').flatMap((form) => (form.trim() === '' ? [] : [form.trim()]));
  return { word: word.trim(), ...(soundsLike.length > 0 && { soundsLike }) };
}

function describeReplacement(entry: unknown): string {
  if (typeof entry === 'string')
    return `Expected what you say, a tab or "=", and what is written, got ${shorten(entry)}.`;
  return `Expected { "say", "write" }, got one in which ${faultOf(entry, ReplacementSchema)}.`;
}

function describeName(entry: unknown): string {
  return `Expected { "word", "soundsLike" }, got one in which ${faultOf(entry, DictionaryEntrySchema)}.`;
}

function faultOf(entry: unknown, schema: TSchema): string {
  const [error] = Value.Errors(schema, entry);
  return `${error?.instancePath.slice(1) || 'it'} ${error?.message}`;
}

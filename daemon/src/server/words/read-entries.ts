import { readFileSync, statSync } from 'node:fs';
import { Value } from 'typebox/value';
import { phraseKey } from '../../clean-up/fold-characters.ts';
import { shorten } from '../../errors/shorten.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { type Replacement, ReplacementSchema } from '../../protocol/words.ts';

export interface Entries {
  /** All that the file lists, right or wrong. */
  readonly entries: readonly unknown[];
  /** Those that can be used. */
  readonly words: readonly Replacement[];
  /** What is wrong with the others. */
  readonly problems: readonly string[];
  /** Why nothing of the file can be used, or changed without losing what its owner wrote; null if it can. */
  readonly fault: string | null;
}

/** More would make each text wait. */
export const mostWords = 5000;

const nothing: Entries = { entries: [], words: [], problems: [], fault: null };

/** Reads `{ "words": [{ "say", "write" }] }`. A missing file is an empty list. */
export function readEntries(path: string): Entries {
  try {
    // Reading a pipe would wait forever.
    if (!statSync(path).isFile()) return broken(`Expected a file at ${path}, got something else.`);
    return listed(path, JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof SyntaxError) return broken(`Expected JSON in ${path}, got something else.`);
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    return broken(`${path} cannot be read: ${systemReason(cause)}.`);
  }
}

function listed(path: string, content: unknown): Entries {
  const { words: entries } = (content ?? {}) as { readonly words?: unknown };
  if (!Array.isArray(entries)) return broken(`Expected { "words": [ … ] } in ${path}, got something else.`);
  const used = new Map<string, Replacement>();
  const problems: string[] = [];
  for (const [index, entry] of entries.slice(0, mostWords).entries()) {
    const problem = problemOf(entry, used);
    if (problem === null) used.set(phraseKey((entry as Replacement).say), entry as Replacement);
    else problems.push(`Entry ${index + 1} of ${path} is not used: ${problem}.`);
  }
  if (entries.length > mostWords) {
    const limit = `Expected at most ${mostWords} entries in ${path}, got ${entries.length}.`;
    problems.push(`${limit} The first ${mostWords} are used.`);
  }
  return { entries, words: [...used.values()], problems, fault: null };
}

function problemOf(entry: unknown, used: ReadonlyMap<string, Replacement>): string | null {
  if (!Value.Check(ReplacementSchema, entry)) {
    const [error] = Value.Errors(ReplacementSchema, entry);
    const key = error?.instancePath.slice(1) ?? '';
    return `${key === '' ? 'it' : key} ${error?.message ?? 'is wrong'}`;
  }
  return used.has(phraseKey(entry.say)) ? `an entry before it is for "${shorten(entry.say)}" too` : null;
}

function broken(fault: string): Entries {
  return { ...nothing, fault };
}

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { systemReason } from '../errors/system-reason.ts';
import { type Replacement, ReplacementSchema } from '../protocol/words.ts';

export interface ReadWords {
  readonly words: readonly Replacement[];
  /** What is wrong with the other entries, each with its place. */
  readonly problems: readonly string[];
}

interface PlacedEntry {
  readonly place: string;
  readonly entry: unknown;
}

/** Reads a list of replacements; `-` is standard input. @throws `OPTION_INVALID` for a file that cannot be read */
export async function readWordsFile(path: string): Promise<ReadWords> {
  const content = (await readContent(path)).replace(/^\uFEFF/, '');
  const entries = /^\s*[[{]/.test(content) ? entriesOfJson(path, content) : entriesOfLines(content);
  const words: Replacement[] = [];
  const problems: string[] = [];
  for (const { place, entry } of entries) {
    if (Value.Check(ReplacementSchema, entry)) words.push(entry);
    else problems.push(`${path}, ${place}: ${describeProblem(entry)}`);
  }
  return { words, problems };
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

function entriesOfJson(path: string, content: string): readonly PlacedEntry[] {
  const listed = parse(content);
  const { words = listed } = (listed ?? {}) as { readonly words?: unknown };
  if (Array.isArray(words)) return words.map((entry, index) => ({ place: `entry ${index + 1}`, entry }));
  throw new HearthError('OPTION_INVALID', `Expected a list of words in ${path}, got something else.`, {
    hint: 'Write it as `hearth words --json` prints it.',
  });
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Empty lines and those that begin with # are comments. */
function entriesOfLines(content: string): readonly PlacedEntry[] {
  return content.split(/\r\n|\r|\n/).flatMap((line, index): readonly PlacedEntry[] => {
    if (line.trim() === '' || line.trimStart().startsWith('#')) return [];
    const place = `line ${index + 1}`;
    const cut = line.includes('\t') ? line.indexOf('\t') : line.indexOf('=');
    if (cut === -1) return [{ place, entry: line }];
    const write = line
      .slice(cut + 1)
      .trim()
      .replaceAll('\\n', '\n');
    return [{ place, entry: { say: line.slice(0, cut).trim(), write } }];
  });
}

function describeProblem(entry: unknown): string {
  if (typeof entry === 'string')
    return `Expected what you say, a tab or "=", and what is written, got ${shorten(entry)}.`;
  const [error] = Value.Errors(ReplacementSchema, entry);
  return `Expected { "say", "write" }, got one in which ${error?.instancePath.slice(1) || 'it'} ${error?.message}.`;
}

import type { DictionaryEntry, Replacement, WordList } from '../protocol/words.ts';
import { askJson } from './answer-within.ts';
import type { Daemon } from './request.ts';

/** The daemon reads a body of 64 KiB. */
const mostBytes = 48 * 1024;
const mostAtOnce = 1000;

/** The replacements and the dictionary. */
export function listWords(daemon: Daemon): Promise<WordList> {
  return askJson(daemon, { path: '/v1/words' });
}

/** Adds replacements, or changes those for the same words. @throws `WORDS_INVALID`, `REQUEST_INVALID` */
export async function addWords(daemon: Daemon, replacements: readonly Replacement[]): Promise<void> {
  for (const words of inParts(replacements)) await send(daemon, { words });
}

/** Adds names and terms, or changes those of the same word. @throws as `addWords` */
export async function addToDictionary(daemon: Daemon, entries: readonly DictionaryEntry[]): Promise<void> {
  for (const dictionary of inParts(entries)) await send(daemon, { dictionary });
}

function* inParts<Entry>(entries: readonly Entry[]): Generator<readonly Entry[], void> {
  let part: Entry[] = [];
  let byteCount = 0;
  for (const entry of entries) {
    const own = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (part.length === mostAtOnce || (part.length > 0 && byteCount + own > mostBytes)) {
      yield part;
      part = [];
      byteCount = 0;
    }
    part.push(entry);
    byteCount += own;
  }
  if (part.length > 0) yield part;
}

function send(
  daemon: Daemon,
  body: { readonly words?: readonly Replacement[]; readonly dictionary?: readonly DictionaryEntry[] },
): Promise<WordList> {
  return askJson(daemon, { method: 'POST', path: '/v1/words', body });
}

/** Removes a replacement (`say`), or a word of the dictionary. @throws `WORD_NOT_FOUND`, `WORDS_INVALID` */
export async function removeWords(
  daemon: Daemon,
  which: { readonly say: string } | { readonly word: string },
): Promise<void> {
  await askJson(daemon, { method: 'DELETE', path: `/v1/words?${new URLSearchParams({ ...which })}` });
}

/** Removes all; returns how many there were. @throws `WORDS_INVALID` */
export async function clearWords(daemon: Daemon): Promise<number> {
  const { removed } = await askJson<{ readonly removed: number }>(daemon, { method: 'DELETE', path: '/v1/words' });
  return removed;
}

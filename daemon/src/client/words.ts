import type { Replacement, WordList } from '../protocol/words.ts';
import { askJson } from './answer-within.ts';
import type { Daemon } from './request.ts';

/** The daemon reads a body of 64 KiB. */
const mostBytes = 48 * 1024;
const mostAtOnce = 1000;

/** The list of replacements. */
export function listWords(daemon: Daemon): Promise<WordList> {
  return askJson(daemon, { path: '/v1/words' });
}

/** Adds replacements, or changes those for the same words. @throws `WORDS_INVALID`, `REQUEST_INVALID` */
export async function addWords(daemon: Daemon, replacements: readonly Replacement[]): Promise<void> {
  let words: Replacement[] = [];
  let byteCount = 0;
  for (const replacement of replacements) {
    const own = Buffer.byteLength(JSON.stringify(replacement)) + 1;
    if (words.length === mostAtOnce || (words.length > 0 && byteCount + own > mostBytes)) {
      await send(daemon, words);
      words = [];
      byteCount = 0;
    }
    words.push(replacement);
    byteCount += own;
  }
  if (words.length > 0) await send(daemon, words);
}

/** @throws `WORD_NOT_FOUND`, `WORDS_INVALID` */
export async function removeWords(daemon: Daemon, say: string): Promise<void> {
  await askJson(daemon, { method: 'DELETE', path: `/v1/words?${new URLSearchParams({ say })}` });
}

/** Removes all; returns how many there were. @throws `WORDS_INVALID` */
export async function clearWords(daemon: Daemon): Promise<number> {
  const { removed } = await askJson<{ readonly removed: number }>(daemon, { method: 'DELETE', path: '/v1/words' });
  return removed;
}

function send(daemon: Daemon, words: readonly Replacement[]): Promise<WordList> {
  return askJson(daemon, { method: 'POST', path: '/v1/words', body: { words } });
}

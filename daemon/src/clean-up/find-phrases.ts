import { type FoldedCharacter, foldCharacters, phraseKey } from './fold-characters.ts';

const wordCharacter = /^[\p{L}\p{M}\p{N}_]/u;
const kana = /^[\p{sc=Hiragana}\p{sc=Katakana}ー]/u;
const hangul = /^\p{sc=Hangul}/u;
/** Scripts that put no spaces between words. */
const unspaced = /^[\p{sc=Han}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

export interface FoundPhrase {
  /** In UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** As `phraseKey` writes it. */
  readonly key: string;
}

/** Phrases as a tree of their characters, so that thousands of them cost as much as one. */
interface Branch {
  readonly next: Map<string, Branch>;
  phrase: { readonly key: string; readonly before: RegExp | null; readonly after: RegExp | null } | null;
}

/**
 * Finds whole words, whatever their capitals, apostrophes and spaces; of those that begin at the same place the longest.
 * Scripts without spaces have no borders of words; with `separateKana`, kana count only if no kana are beside them.
 */
export function phraseFinder(
  phrases: Iterable<string>,
  { separateKana = false }: { readonly separateKana?: boolean } = {},
): (text: string) => readonly FoundPhrase[] {
  const root: Branch = { next: new Map(), phrase: null };
  for (const phrase of phrases) grow(root, phraseKey(phrase), separateKana);
  return (text) => {
    const characters = foldCharacters(text);
    const found: FoundPhrase[] = [];
    for (let index = 0; index < characters.length; index++) {
      const match = longestAt(root, characters, index);
      if (match === null) continue;
      found.push({ start: match.start, end: match.end, key: match.key });
      index = match.last;
    }
    return found;
  };
}

function grow(root: Branch, key: string, separateKana: boolean): void {
  const characters = [...key];
  let branch = root;
  for (const character of characters) {
    const known = branch.next.get(character) ?? { next: new Map(), phrase: null };
    branch.next.set(character, known);
    branch = known;
  }
  const last = characters.at(-1) ?? '';
  branch.phrase = {
    key,
    before: strangers(characters[0] ?? '', separateKana),
    // Korean adds endings to words.
    after: hangul.test(last) ? null : strangers(last, separateKana),
  };
}

/** What may not stand beside the edge of a phrase; null for anything. */
function strangers(edge: string, separateKana: boolean): RegExp | null {
  if (kana.test(edge)) return separateKana ? kana : null;
  return unspaced.test(edge) || !wordCharacter.test(edge) ? null : wordCharacter;
}

function longestAt(
  root: Branch,
  characters: readonly FoldedCharacter[],
  first: number,
): (FoundPhrase & { readonly last: number }) | null {
  const start = characters[first]?.start ?? 0;
  const before = characters[first - 1];
  // Not between a letter and its accent.
  if (before !== undefined && before.end > start) return null;
  let longest: (FoundPhrase & { readonly last: number }) | null = null;
  let branch: Branch | undefined = root;
  for (let last = first; last < characters.length; last++) {
    const { text, end } = characters[last] as FoldedCharacter;
    branch = branch.next.get(text);
    if (branch === undefined) break;
    if (branch.phrase === null) continue;
    const after = characters[last + 1];
    const isWhole =
      !(branch.phrase.before?.test(before?.text ?? '') ?? false) &&
      !(branch.phrase.after?.test(after?.text ?? '') ?? false) &&
      (after === undefined || after.start >= end);
    if (isWhole) longest = { start, end, key: branch.phrase.key, last };
  }
  return longest;
}

import type { Word } from '../protocol/transcript.ts';
import type { Piece } from './pieces.ts';

/** A word as it was decoded, and where it is in its segment's text. */
interface PlacedWord {
  readonly word: Word;
  readonly from: number;
  readonly to: number;
}

interface Group {
  text: string;
  /** Index of the first and of the last decoded word that it stands for. */
  readonly first: number;
  last: number;
}

/**
 * The words of a cleaned text, with their times; together they are the text. What stands for several words begins with the
 * first and ends with the last. A sign without a letter belongs to the word before it, whose times stay as they are.
 */
export function wordsOfPieces(decoded: string, words: readonly Word[], pieces: readonly Piece[]): readonly Word[] {
  const placed = placeWords(decoded, words);
  if (placed === null || placed.length === 0) return words;
  const groups: Group[] = [];
  let opening = '';
  for (const { text, first, last, isWord } of pieces.flatMap((piece) => cutAtWords(piece, placed))) {
    const group = groups.at(-1);
    if (group !== undefined && first <= group.last && opening === '') {
      group.text += text;
      group.last = Math.max(group.last, isWord ? last : 0);
    } else if (isWord) {
      groups.push({ text: opening + text, first, last });
      opening = '';
    } else if (group !== undefined && opening === '' && !/^[^\S\n]/u.test(text) && !opensWord(text)) group.text += text;
    else opening += text;
  }
  const lastGroup = groups.at(-1);
  if (lastGroup !== undefined) lastGroup.text += opening;
  else if (opening !== '') groups.push({ text: opening, first: 0, last: placed.length - 1 });
  return groups.map((group) => wordOf(group, placed));
}

/** Where each word is in the text; null if they are not those of the text. */
function placeWords(decoded: string, words: readonly Word[]): readonly PlacedWord[] | null {
  const placed: PlacedWord[] = [];
  let position = 0;
  for (const word of words) {
    const from = decoded.indexOf(word.word, position);
    if (from === -1) return null;
    position = from + word.word.length;
    placed.push({ word, from, to: position });
  }
  return placed;
}

interface Part {
  readonly text: string;
  readonly first: number;
  readonly last: number;
  /** Whether it can have a time of its own, which a sign has not. */
  readonly isWord: boolean;
}

/** What was said is cut where words begin; what stands for it as a whole is not. */
function cutAtWords({ text, from, to, kind }: Piece, placed: readonly PlacedWord[]): readonly Part[] {
  if (kind !== 'said') {
    const isWord = kind === 'written' && text.trim() !== '';
    return [{ text, first: wordAt(from, placed), last: wordAt(Math.max(from, to - 1), placed), isWord }];
  }
  const cuts = placed.map((word) => word.from).filter((cut) => cut > from && cut < to);
  const edges = [from, ...cuts, to];
  return cuts.concat(to).map((end, index) => {
    const start = edges[index] ?? from;
    const word = wordAt(start, placed);
    const part = text.slice(start - from, end - from);
    return { text: part, first: word, last: word, isWord: /[\p{L}\p{N}]/u.test(part) };
  });
}

/** The last word that begins at or before a place. */
function wordAt(place: number, placed: readonly PlacedWord[]): number {
  return Math.max(
    0,
    placed.findLastIndex(({ from }) => from <= place),
  );
}

function opensWord(text: string): boolean {
  return /^[\p{Ps}\p{Pi}¿¡„]/u.test(text);
}

function wordOf({ text, first, last }: Group, placed: readonly PlacedWord[]): Word {
  const from = placed[first] as PlacedWord;
  const to = placed[last] as PlacedWord;
  const probability = Math.min(...placed.slice(first, last + 1).map(({ word }) => word.probability));
  return { word: text, start: from.word.start, end: to.word.end, probability };
}

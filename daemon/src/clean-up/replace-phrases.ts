import type { Replacement } from '../protocol/words.ts';
import { phraseFinder } from './find-phrases.ts';
import { phraseKey } from './fold-characters.ts';
import { type Change, changeSaid, type Piece } from './pieces.ts';

type Replacer = (pieces: readonly Piece[]) => Piece[];

/** A long list takes a while to prepare, and many jobs use the same. */
const prepared = new WeakMap<readonly Replacement[], Replacer>();

/** Writes what the list says for the phrases on it. No later step changes that. */
export function phraseReplacer(replacements: readonly Replacement[]): Replacer {
  const known = prepared.get(replacements);
  if (known !== undefined) return known;
  const made = prepareReplacer(replacements);
  prepared.set(replacements, made);
  return made;
}

function prepareReplacer(replacements: readonly Replacement[]): Replacer {
  const written = new Map(replacements.map(({ say, write }) => [phraseKey(say), write]));
  const find = phraseFinder(replacements.map(({ say }) => say));
  return (pieces) =>
    changeSaid(pieces, (text) =>
      find(text).flatMap(({ start, end, key }): readonly Change[] => {
        const write = written.get(key);
        if (write === undefined) return [];
        if (write === '') return [{ start: start - spacesBefore(text, start), end, becomes: null }];
        return [{ start, end, becomes: { text: write, kind: 'written' } }];
      }),
    );
}

function spacesBefore(text: string, end: number): number {
  return /[^\S\n]*$/u.exec(text.slice(0, end))?.[0].length ?? 0;
}

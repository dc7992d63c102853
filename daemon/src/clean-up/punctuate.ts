import { phraseFinder } from './find-phrases.ts';
import { phraseKey } from './fold-characters.ts';
import { type Change, changeSaid, type Piece } from './pieces.ts';
import { type SpokenPunctuation, spokenPunctuation } from './spoken-punctuation.ts';

const kinds = ['mark', 'opening', 'closing', 'joining', 'break'] as const;
type Kind = (typeof kinds)[number];

interface Sign {
  readonly text: string;
  readonly kind: Kind;
}

/** Signs that Whisper puts beside the name of a sign, since people pause there. */
const decodedMark = /[!,.:;?…、。！？]/u;
const space = /[^\S\n]/u;

/** What each kind of sign takes with it of the decoded text before and after it. */
const takes: Readonly<Record<Kind, { readonly marksBefore: boolean; readonly marksAfter: boolean }>> = {
  mark: { marksBefore: true, marksAfter: true },
  opening: { marksBefore: false, marksAfter: true },
  closing: { marksBefore: false, marksAfter: false },
  joining: { marksBefore: true, marksAfter: true },
  break: { marksBefore: false, marksAfter: true },
};

/** Writes the signs whose names were said. Null for a language without a table. */
export function punctuator(language: string): ((pieces: readonly Piece[]) => Piece[]) | null {
  const table = spokenPunctuation[language];
  if (table === undefined) return null;
  const signs = signsOf(table);
  const find = phraseFinder([...signs.keys()], { separateKana: true });
  return (pieces) =>
    changeSaid(pieces, (text) => {
      const changes: Change[] = [];
      for (const { start, end, key } of find(text)) {
        const sign = signs.get(key);
        if (sign === undefined) continue;
        const { marksBefore, marksAfter } = takes[sign.kind];
        // An opening sign keeps the space before it. The joiner leaves the ones that are not taken.
        const earliest = changes.at(-1)?.end ?? 0;
        const from = sign.kind === 'opening' ? start : startOfMarks(text, { start, earliest, takesMarks: marksBefore });
        changes.push({ start: from, end: marksAfter ? endOfMarks(text, end) : end, becomes: sign });
      }
      return changes;
    });
}

function signsOf(table: SpokenPunctuation): ReadonlyMap<string, Sign> {
  const entries = kinds.flatMap((kind) =>
    Object.entries(table[kind]).flatMap(([text, names]) =>
      names.map((name) => [phraseKey(name), { text, kind }] as const),
    ),
  );
  return new Map(entries);
}

function startOfMarks(
  text: string,
  { start, earliest, takesMarks }: { readonly start: number; readonly earliest: number; readonly takesMarks: boolean },
): number {
  let from = start;
  while (from > earliest && space.test(text[from - 1] ?? '')) from -= 1;
  if (!takesMarks) return from;
  while (from > earliest && decodedMark.test(text[from - 1] ?? '')) from -= 1;
  while (from > earliest && space.test(text[from - 1] ?? '')) from -= 1;
  return from;
}

function endOfMarks(text: string, end: number): number {
  let to = end;
  while (to < text.length && decodedMark.test(text[to] ?? '')) to += 1;
  return to;
}

import { type Piece, partOf } from './pieces.ts';

const firstWord = /^[^\p{L}\p{N}]*?(?=[\p{L}\p{N}])/u;

export interface CapitalState {
  /** Whether the next word starts the text, a sentence that was ended with a spoken sign, or a line. */
  readonly isDue: boolean;
}

/**
 * Writes a capital at the start of the text, and after a spoken end of a sentence or of a line. The decoder has its own
 * way with the rest.
 */
export function capitalize(
  pieces: readonly Piece[],
  { isDue: isDueAtStart, lowerCaseAfterComma }: CapitalState & { readonly lowerCaseAfterComma: boolean },
): { readonly pieces: readonly Piece[]; readonly isDue: boolean } {
  let isDue = isDueAtStart;
  const capitalized = pieces.flatMap((piece, index) => {
    if (piece.kind === 'break' || /[!.?。！？]\s*$/u.test(piece.text)) {
      const followsComma = /,\s*$/u.test(pieces[index - 1]?.text ?? '');
      if (piece.kind === 'break') isDue = !(lowerCaseAfterComma && followsComma);
      else if (piece.kind === 'mark') isDue = true;
    }
    const before = firstWord.exec(piece.text)?.[0].length;
    if (!isDue || before === undefined || (piece.kind !== 'said' && piece.kind !== 'written')) return [piece];
    isDue = false;
    return piece.kind === 'said' ? withCapital(piece, before) : [piece];
  });
  return { pieces: capitalized, isDue };
}

function withCapital(piece: Piece, at: number): readonly Piece[] {
  const letter = String.fromCodePoint(piece.text.codePointAt(at) ?? 0);
  const capital = letter.toUpperCase();
  if (capital.length !== letter.length || !/^\p{Ll}$/u.test(letter)) return [piece];
  const end = at + letter.length;
  return [partOf(piece, 0, at), { ...partOf(piece, at, end), text: capital }, partOf(piece, end, piece.text.length)];
}

/** A part of a text, on its way from what was decoded to what is written. */
export interface Piece {
  readonly text: string;
  /** The part of the decoded text that it stands for, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /**
   * `said` is still as it was decoded, and the next step may change it. `written` comes from the list of replacements and
   * stays. The others were said as the name of a sign: `mark`, `closing` and `break` follow what is before them without a
   * space, `opening` and `break` allow none after them, `joining` neither.
   */
  readonly kind: 'said' | 'written' | 'mark' | 'opening' | 'closing' | 'joining' | 'break';
}

/** A part of a said piece and what it becomes, in units of the piece. Null removes it. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly becomes: Pick<Piece, 'text' | 'kind'> | null;
}

export function saidPiece(text: string): Piece {
  return { text, from: 0, to: text.length, kind: 'said' };
}

/** Applies the changes that `find` names in each said piece. They are in order and do not overlap. */
export function changeSaid(
  pieces: readonly Piece[],
  find: (text: string, before: Piece | undefined) => readonly Change[],
): Piece[] {
  return pieces.flatMap((piece, index) => {
    if (piece.kind !== 'said') return [piece];
    const parts: Piece[] = [];
    let position = 0;
    for (const { start, end, becomes } of find(piece.text, pieces[index - 1])) {
      parts.push(partOf(piece, position, start));
      if (becomes !== null) parts.push({ ...becomes, from: piece.from + start, to: piece.from + end });
      position = end;
    }
    parts.push(partOf(piece, position, piece.text.length));
    return parts.filter(({ text, kind }) => text !== '' || kind !== 'said');
  });
}

/** A part of a said piece, in units of the piece. */
export function partOf(piece: Piece, start: number, end: number): Piece {
  return { text: piece.text.slice(start, end), from: piece.from + start, to: piece.from + end, kind: 'said' };
}

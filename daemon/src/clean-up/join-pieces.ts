import type { Piece } from './pieces.ts';

const followsClosely: ReadonlySet<Piece['kind']> = new Set(['mark', 'closing', 'joining', 'break']);
const space = /[^\S\n]/u;

/** Takes away the spaces that signs do not allow beside them. `isClosed` forbids one at the very start. */
export function joinPieces(pieces: readonly Piece[], isClosed: boolean): Piece[] {
  const joined: Piece[] = [];
  let allowsSpace = !isClosed;
  for (const piece of pieces) {
    if (followsClosely.has(piece.kind)) trimLast(joined);
    const next = allowsSpace || piece.kind !== 'said' ? piece : trimStart(piece);
    if (next.text === '') continue;
    joined.push(next);
    allowsSpace = !forbidsSpaceAfter(next);
  }
  return joined;
}

/** Whether a space after this piece would be wrong. */
export function forbidsSpaceAfter({ kind, text }: Piece): boolean {
  return kind === 'opening' || kind === 'joining' || text.endsWith('\n');
}

/** Takes the spaces at the end of what was joined so far. */
function trimLast(joined: Piece[]): void {
  for (let last = joined.at(-1); last?.kind === 'said'; last = joined.at(-1)) {
    const { length } = last.text;
    let end = length;
    while (end > 0 && space.test(last.text[end - 1] ?? '')) end -= 1;
    if (end === length) return;
    joined.pop();
    if (end > 0) joined.push({ ...last, text: last.text.slice(0, end), to: last.from + end });
  }
}

function trimStart(piece: Piece): Piece {
  let start = 0;
  while (space.test(piece.text[start] ?? '')) start += 1;
  return { ...piece, text: piece.text.slice(start), from: piece.from + start };
}

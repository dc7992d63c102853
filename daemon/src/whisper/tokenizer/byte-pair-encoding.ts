/** How GPT-2's tokenizer cuts text before merging bytes. */
const pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export interface BytePairEncoding {
  /** Number of byte sequences: the ids of special tokens follow. */
  readonly size: number;
  encode(text: string): number[];
  /** The bytes of one token. */
  bytesOf(token: number): Uint8Array | undefined;
}

/** Reads a .tiktoken file: a base64 byte sequence and its rank a line; rank and token id are the same. */
export function readBytePairEncoding(file: Uint8Array): BytePairEncoding {
  const ranks = new Map<string, number>();
  const sequences: Uint8Array[] = [];
  for (const line of new TextDecoder().decode(file).split('\n')) {
    const space = line.indexOf(' ');
    if (space === -1) continue;
    // Bytes as characters of the same code. The multilingual file's last entry is an empty sequence: `= 50256`.
    const bytes = atob(line.slice(0, space).replace(/^=+$/, ''));
    const rank = Number(line.slice(space + 1));
    if (bytes !== '') ranks.set(bytes, rank);
    sequences[rank] = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  }
  const encoder = new TextEncoder();
  return {
    size: sequences.length,
    bytesOf: (token) => sequences[token],
    encode: (text) =>
      [...text.matchAll(pieces)].flatMap(([piece]) => mergeBytes(String.fromCharCode(...encoder.encode(piece)), ranks)),
  };
}

/** Joins the neighbouring pair of lowest rank until none is left. */
function mergeBytes(bytes: string, ranks: ReadonlyMap<string, number>): number[] {
  const parts = [...bytes];
  while (parts.length > 1) {
    let best = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = ranks.get(`${parts[i]}${parts[i + 1]}`);
      if (rank !== undefined && rank < bestRank) {
        best = i;
        bestRank = rank;
      }
    }
    if (best === -1) break;
    parts.splice(best, 2, `${parts[best]}${parts[best + 1]}`);
  }
  return parts.map((part) => ranks.get(part) as number);
}

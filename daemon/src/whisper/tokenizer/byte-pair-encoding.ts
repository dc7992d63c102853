import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';

/** How GPT-2's tokenizer cuts text before merging bytes. */
const pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export interface BytePairEncoding {
  /** Number of byte sequences: the ids of special tokens follow. */
  readonly size: number;
  encode(text: string): number[];
  /** The bytes of one token. */
  bytesOf(token: number): Uint8Array | undefined;
}

/**
 * Reads a .tiktoken file: a base64 byte sequence and its rank a line; rank and token id are the same.
 * @throws `MODEL_INVALID`
 */
export function readBytePairEncoding(file: Uint8Array): BytePairEncoding {
  const ranks = new Map<string, number>();
  // Bytes as characters of the same code; most are never asked for as bytes.
  const sequences: string[] = [];
  for (const line of new TextDecoder().decode(file).split('\n')) {
    if (line === '') continue;
    const bytes = readSequence(line, sequences.length);
    if (bytes !== '') ranks.set(bytes, sequences.length);
    sequences.push(bytes);
  }
  const encoder = new TextEncoder();
  return {
    size: sequences.length,
    bytesOf: (token) => {
      const bytes = sequences[token];
      return bytes === undefined ? undefined : toBytes(bytes);
    },
    encode: (text) => [...text.matchAll(pieces)].flatMap(([piece]) => mergeBytes(encoder.encode(piece), ranks)),
  };
}

/** The bytes of one line, as characters of the same code. */
function readSequence(line: string, rank: number): string {
  const [base64, number] = line.trimEnd().split(' ');
  // The multilingual file's last entry is an empty sequence: `= 50256`.
  const bytes = base64 === undefined ? undefined : decodeBase64(base64.replace(/^=+$/, ''));
  if (bytes === undefined || number !== String(rank)) {
    throw new HearthError(
      'MODEL_INVALID',
      `Expected rank ${rank} in line ${rank + 1} of the vocabulary, got ${shorten(line)}.`,
    );
  }
  return bytes;
}

function decodeBase64(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

function toBytes(characters: string): Uint8Array {
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < characters.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** Joins the neighbouring pair of lowest rank until none is left. */
function mergeBytes(bytes: Uint8Array, ranks: ReadonlyMap<string, number>): number[] {
  const parts = Array.from(bytes, (byte) => String.fromCharCode(byte));
  const rankOfPair = (i: number) =>
    (i + 1 < parts.length ? ranks.get(`${parts[i]}${parts[i + 1]}`) : undefined) ?? Number.POSITIVE_INFINITY;
  const pairRanks = parts.map((_, i) => rankOfPair(i));
  for (let best = lowestAt(pairRanks); best !== -1; best = lowestAt(pairRanks)) {
    parts.splice(best, 2, `${parts[best]}${parts[best + 1]}`);
    pairRanks.splice(best, 1);
    pairRanks[best] = rankOfPair(best);
    if (best > 0) pairRanks[best - 1] = rankOfPair(best - 1);
  }
  return parts.map((part) => ranks.get(part) as number);
}

/** Index of the first of the lowest ranks, -1 when no pair has one. */
function lowestAt(pairRanks: readonly number[]): number {
  let best = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < pairRanks.length; i++) {
    const rank = pairRanks[i] as number;
    if (rank < lowest) {
      best = i;
      lowest = rank;
    }
  }
  return best;
}

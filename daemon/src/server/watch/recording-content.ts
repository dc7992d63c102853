import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { openWithoutLinks } from '../../settings/open-without-links.ts';
import { type FoundRecording, requireRegular } from './found-recording.ts';
import type { StoredRecording } from './stored-watch.ts';

type Place = Pick<FoundRecording, 'path' | 'size'>;

const endBytes = 64 * 1024;
const pieceBytes = 1024 * 1024;
/** Recordings of up to 256 MB are read whole, and evenly spread pieces of longer ones: the whole of a film takes long to read. */
const mostPieces = 256;

/**
 * Tells the contents of recordings apart. In two parts: the length with the first and last bytes, and all that is between.
 * @throws what opening says, also of a link or a pipe that has taken the place of the recording
 */
export async function fingerprintOf(place: Place): Promise<string> {
  return `${await hashOf(place, readEnds)}.${await hashOf(place, readPieces)}`;
}

/** The first part alone, for recordings that nobody has to read: their length with the first and last bytes. @throws as `fingerprintOf` */
export function endsOf(place: Place): Promise<string> {
  return hashOf(place, readEnds);
}

/**
 * The first of these recordings that has the content which a file has now. The whole of the file is only read if its ends
 * are those of a recording. @throws as `fingerprintOf`
 */
export async function findSameContent<Known extends Pick<StoredRecording, 'fingerprint'>>(
  known: readonly Known[],
  place: Place,
): Promise<Known | undefined> {
  const compared = known.filter(({ fingerprint }) => fingerprint !== null);
  if (compared.length === 0) return undefined;
  const ends = await hashOf(place, readEnds);
  const alike = compared.filter(({ fingerprint }) => fingerprint?.split('.')[0] === ends);
  if (alike.length === 0) return undefined;
  const whole = `${ends}.${await hashOf(place, readPieces)}`;
  // Of those that were there before their folder was watched, only the ends are known.
  return alike.find(({ fingerprint }) => fingerprint === whole || fingerprint === ends);
}

async function hashOf(
  { path, size }: Place,
  read: (hash: Hash, file: FileHandle, size: number) => Promise<void>,
): Promise<string> {
  const file = await requireRegular(await openWithoutLinks(path), path);
  try {
    const hash = createHash('sha256').update(`${size}:`);
    await read(hash, file, size);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

async function readEnds(hash: Hash, file: FileHandle, size: number): Promise<void> {
  for (const position of [0, Math.max(0, size - endBytes)]) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(endBytes, size)), { position });
    hash.update(buffer.subarray(0, bytesRead));
  }
}

async function readPieces(hash: Hash, file: FileHandle, size: number): Promise<void> {
  const count = Math.min(mostPieces, Math.ceil(size / pieceBytes));
  const buffer = Buffer.alloc(Math.min(pieceBytes, size));
  for (let index = 0; index < count; index++) {
    const { bytesRead } = await file.read(buffer, { position: Math.floor((index * size) / count) });
    hash.update(buffer.subarray(0, bytesRead));
  }
}

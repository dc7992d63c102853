import type { FileHandle } from 'node:fs/promises';
import type { Mpeg4File } from '../../converters/mpeg4-file.ts';

const headBytes = 4096;
const withoutBeginning = 'This is a piece of a recording without its beginning.';
const endsTooEarly = 'This recording breaks off before its sound begins.';
const notFinished = 'This recording was never finished: the index at its end is missing.';

const ebmlHeader = Buffer.from('1a45dfa3', 'hex');
const matroskaCluster = Buffer.from('1f43b675', 'hex');
const beginsOggStream = 2;

/** A sentence about a file that is only a piece of a recording; null where it does not look like one. */
export async function describePiece(file: FileHandle, mpeg4: Mpeg4File | null): Promise<string | null> {
  const head = await readHead(file);
  if (head.subarray(0, 4).equals(matroskaCluster)) return withoutBeginning;
  if (head.subarray(0, 4).equals(ebmlHeader) && head.length < headBytes && !head.includes(matroskaCluster)) {
    return endsTooEarly;
  }
  if (head.toString('latin1', 0, 4) === 'OggS' && ((head[5] ?? 0) & beginsOggStream) === 0) return withoutBeginning;
  return mpeg4 === null ? null : describeMpeg4(mpeg4);
}

function describeMpeg4({ boxes, endsWithinBox }: Mpeg4File): string | null {
  if (boxes.at(-1) === 'moov' && endsWithinBox) return endsTooEarly;
  if (boxes.includes('moov')) return null;
  if (boxes.includes('moof') || boxes[0] === 'styp' || boxes[0] === 'sidx') return withoutBeginning;
  if (boxes.includes('mdat')) return notFinished;
  return boxes[0] === 'ftyp' ? endsTooEarly : null;
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  return buffer.subarray(0, bytesRead);
}

import type { FileHandle } from 'node:fs/promises';

const headerBytes = 44;
const largestLength = 0xffffffff;

/** Fills in the lengths that a program could not know when it wrote a WAV file to a pipe. */
export async function putWavLengths(file: FileHandle, byteCount: number): Promise<void> {
  const header = Buffer.alloc(headerBytes);
  await file.read(header, 0, headerBytes, 0);
  const isPlain = header.toString('latin1', 0, 4) === 'RIFF' && header.toString('latin1', 36, 40) === 'data';
  if (!isPlain || byteCount < headerBytes || byteCount - 8 > largestLength) return;
  header.writeUInt32LE(byteCount - 8, 4);
  header.writeUInt32LE(byteCount - headerBytes, 40);
  await file.write(header, 0, headerBytes, 0);
}

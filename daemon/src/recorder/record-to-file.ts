import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 50;
const pieceBytes = 64 * 1024;
/** More than the chunks before the samples take. */
const headBytes = 16 * 1024;

/** Where a program may write a WAV file that nobody else reads. */
export async function makeRecordingPath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'hearth-recording-')), 'recording.wav');
}

/** The samples of a WAV file while a program writes it, until that has `ended`; then the file is removed. */
export async function* followRecording(path: string, ended: Promise<unknown>): AsyncGenerator<Uint8Array> {
  let isComplete = false;
  void ended.then(() => {
    isComplete = true;
  });
  let place: number | null = null;
  try {
    for (;;) {
      const isLast = isComplete;
      place ??= await findSamples(path);
      const piece = place === null ? null : await readPiece(path, place);
      if (place !== null && piece !== null && piece.length > 0) {
        place += piece.length;
        yield piece;
      } else if (isLast) return;
      else await delay(lookEveryMs);
    }
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}

async function readPiece(path: string, place: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, place);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Where the chunk of the samples begins; null if it is not there yet. */
async function findSamples(path: string): Promise<number | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer: head } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    for (let at = 12; at + 8 <= bytesRead; ) {
      if (head.toString('latin1', at, at + 4) === 'data') return at + 8;
      const length = head.readUInt32LE(at + 4);
      at += 8 + length + (length % 2);
    }
    return null;
  } finally {
    await file.close();
  }
}

import { readFileSync } from 'node:fs';
import { pathOf } from '../../test/engine/fork-engine.ts';

const readingSeconds = 221.75;

/** An mp3 file of so many hours: the same reading again and again. */
export function longReading(hours: number): Buffer {
  const reading = framesOf(readFileSync(pathOf('test/fixtures/audio/LJ001-long.mp3')));
  return Buffer.concat(Array.from({ length: Math.round((hours * 3600) / readingSeconds) }, () => reading));
}

/** The sound of an mp3 without its tags: the first frame would say how long all of it is. */
function framesOf(file: Buffer): Buffer {
  const tagBytes = file.toString('latin1', 0, 3) === 'ID3' ? 10 + synchsafe(file.subarray(6, 10)) : 0;
  const startOfFrame = file.subarray(tagBytes, tagBytes + 3);
  return file.subarray(file.indexOf(startOfFrame, tagBytes + startOfFrame.length));
}

function synchsafe(bytes: Buffer): number {
  return bytes.reduce((sum, byte) => sum * 128 + byte, 0);
}

import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { waveHead } from "./recorded-part";
import { readWaveLayout, WaveLayout } from "./wave-layout";

export interface GrowingRecordingRequest {
  path: string;
  /** Where to begin, in bytes of what this would give from the beginning. */
  offset: number;
  /** Aborted once the recorder has ended: what is there is all. */
  recorded: AbortSignal;
  /** Aborted when nobody wants more. */
  signal: AbortSignal;
}

const lookEveryMs = 50;
const pieceBytes = 64 * 1024;
/** What a header says of sound whose end is not known. */
const unknownBytes = 0xffff_ffff;

/** A WAVE file that a recorder is writing, as it grows: a header of ours, and samples up to the end of the recording. */
export function growingRecording(request: GrowingRecordingRequest): Readable {
  return Readable.from(piecesOf(request), { objectMode: false });
}

async function* piecesOf({ path, offset, recorded, signal }: GrowingRecordingRequest): AsyncGenerator<Buffer> {
  const pause = () => delay(lookEveryMs, undefined, { signal });
  let layout: WaveLayout | null;
  while ((layout = await readWaveLayout(path)) === null) {
    if (recorded.aborted) return;
    await pause();
  }
  const head = waveHead(layout, unknownBytes);
  if (offset < head.length) yield head.subarray(offset);
  let place = layout.dataOffset + Math.max(0, offset - head.length);
  const file = await open(path);
  try {
    for (;;) {
      const isComplete = recorded.aborted;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, place);
      place += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (isComplete) return;
      else await pause();
    }
  } finally {
    await file.close();
  }
}

import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Recording } from "../recordings/recording";
import { readWaveLayout, WaveLayout } from "./wave-layout";

export interface RecordedPart {
  recording: Recording;
  durationSeconds: number;
}

/**
 * What a recorder has written from `fromSeconds` on, as a recording with its own header. This works while the file grows
 * and after the recorder was killed. Null if there is nothing.
 */
export async function recordedPart(path: string, fromSeconds = 0): Promise<RecordedPart | null> {
  const layout = await readWaveLayout(path);
  if (layout === null) return null;
  const bytesPerFrame = layout.format.readUInt16LE(12);
  const skippedFrames = Math.floor((fromSeconds * layout.bytesPerSecond) / bytesPerFrame);
  const skippedBytes = Math.min(skippedFrames * bytesPerFrame, layout.dataBytes);
  const bytes = layout.dataBytes - skippedBytes;
  if (bytes === 0) return null;
  const head = waveHead(layout, bytes);
  const start = layout.dataOffset + skippedBytes;
  return {
    durationSeconds: bytes / layout.bytesPerSecond,
    recording: {
      name: "Dictation",
      path: null,
      open: async () => ({
        audio: Readable.from(concatenate(head, createReadStream(path, { start, end: start + bytes - 1 })), {
          objectMode: false,
        }),
        byteCount: head.length + bytes,
      }),
    },
  };
}

async function* concatenate(head: Buffer, samples: Readable): AsyncGenerator<Buffer> {
  yield head;
  yield* samples;
}

/** A header for samples of this layout. */
export function waveHead({ format }: WaveLayout, bytes: number): Buffer {
  const head = Buffer.alloc(28 + format.length);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(Math.min(20 + format.length + bytes, 0xffff_ffff), 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(format.length, 16);
  format.copy(head, 20);
  head.write("data", 20 + format.length, "latin1");
  head.writeUInt32LE(bytes, 24 + format.length);
  return head;
}

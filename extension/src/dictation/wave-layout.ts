import { open } from "node:fs/promises";

/** Where the samples of a WAVE file are, even while it is being written. */
export interface WaveLayout {
  dataOffset: number;
  /** Bytes of samples that exist now, in whole frames. */
  dataBytes: number;
  bytesPerSecond: number;
  /** The body of its `fmt ` chunk. */
  format: Buffer;
}

const headBytes = 64 * 1024;

/** Reads the layout; null if the header is not written yet, or is not that of a WAVE file. */
export async function readWaveLayout(path: string): Promise<WaveLayout | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return findSamples(buffer.subarray(0, bytesRead), size);
  } finally {
    await file.close();
  }
}

function findSamples(head: Buffer, fileBytes: number): WaveLayout | null {
  if (head.toString("latin1", 0, 4) !== "RIFF" || head.toString("latin1", 8, 12) !== "WAVE") return null;
  let format: Buffer | null = null;
  for (let offset = 12; offset + 8 <= head.length;) {
    const name = head.toString("latin1", offset, offset + 4);
    const bytes = head.readUInt32LE(offset + 4);
    const body = offset + 8;
    if (name === "data") return format === null ? null : layoutOf({ format, dataOffset: body, fileBytes });
    if (name === "fmt ") format = head.subarray(body, body + bytes);
    offset = body + bytes + (bytes % 2);
  }
  return null;
}

/** A recorder only writes the length of the samples at the end, so the length of the file is used. */
function layoutOf(found: { format: Buffer; dataOffset: number; fileBytes: number }): WaveLayout {
  const { format, dataOffset, fileBytes } = found;
  const bytesPerFrame = format.readUInt16LE(12);
  const bytes = fileBytes - dataOffset;
  return { dataOffset, dataBytes: bytes - (bytes % bytesPerFrame), bytesPerSecond: format.readUInt32LE(8), format };
}

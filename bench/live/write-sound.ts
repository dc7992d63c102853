import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { wavHeader } from '../../daemon/src/server/http/live/wav-header.ts';
import { native } from '../../test/engine/support/embedded-model.ts';

const samplesPerSecond = 16_000;

export interface WrittenSound {
  readonly path: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** Recordings one after the other, as one WAV file in a folder; again and again until it is `seconds` long, if they are given. */
export async function writeSound(request: {
  readonly folder: string;
  readonly recordings: readonly string[];
  readonly pauseSeconds?: number;
  readonly seconds?: number;
}): Promise<WrittenSound> {
  const { folder, recordings, pauseSeconds = 0, seconds = 0 } = request;
  const pieces = await Promise.all(recordings.map((path) => samplesOf(path, pauseSeconds)));
  const path = join(folder, 'sound.wav');
  const file = await open(path, 'w');
  try {
    const header = wavHeader({ encoding: 's16', rate: samplesPerSecond, channels: 1 });
    await file.write(header);
    let bytes = 0;
    do {
      for (const piece of pieces) {
        await file.write(piece);
        bytes += piece.length;
      }
    } while (bytes < seconds * samplesPerSecond * 2);
    return { path, bytes: header.length + bytes, seconds: bytes / 2 / samplesPerSecond };
  } finally {
    await file.close();
  }
}

async function samplesOf(path: string, pauseSeconds: number): Promise<Buffer> {
  const audio = await native.openAudio({ path });
  try {
    const samples = audio.samples(0, audio.sampleCount);
    const pause = Buffer.alloc(Math.round(pauseSeconds * samplesPerSecond) * 2);
    return Buffer.concat([Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), pause]);
  } finally {
    audio.close();
  }
}

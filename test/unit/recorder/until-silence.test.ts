import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { untilSilence } from '../../../daemon/src/recorder/until-silence.ts';
import { pathOf } from '../../engine/fork-engine.ts';

const bytesPerSecond = 32_000;
/** 8.7 s of a reader, 16 kHz, with pauses between phrases. */
const voice = readFileSync(pathOf('test/fixtures/audio/librispeech_1995-1837-0001.wav')).subarray(44);
const voiceSeconds = voice.length / bytesPerSecond;

/** A quiet room of so many seconds; the same at each run. */
function room(seconds: number, loudness: number): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * 16_000) * 2);
  let state = 1;
  for (let at = 0; at < samples.length; at += 2) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    samples.writeInt16LE(Math.round((state / 2 ** 30 - 1) * loudness * 32_767), at);
  }
  return samples;
}

async function* pieces(sound: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

/** Seconds that were handed on, of sound in pieces. */
async function heardSeconds(sound: Buffer, silenceSeconds: number, size = 3200): Promise<number> {
  let bytes = 0;
  for await (const piece of untilSilence(pieces(sound, size), silenceSeconds)) bytes += piece.length;
  return bytes / bytesPerSecond;
}

describe.each([0, 0.001, 0.01])('in a room that is as loud as %d', (loudness) => {
  test('a silence after the voice ends it, and pauses of the voice do not', async () => {
    const heard = await heardSeconds(Buffer.concat([voice, room(10, loudness)]), 2);
    expect(heard).toBeGreaterThan(voiceSeconds + 1);
    expect(heard).toBeLessThan(voiceSeconds + 4);
  });

  test('the silence before somebody speaks ends nothing', async () => {
    const heard = await heardSeconds(Buffer.concat([room(8, loudness), voice, room(10, loudness)]), 2);
    expect(heard).toBeGreaterThan(8 + voiceSeconds + 1);
    expect(heard).toBeLessThan(8 + voiceSeconds + 4);
  });
});

test('without a voice all is handed on, clicks of keys included', async () => {
  const click = room(0.06, 0.9);
  const sound = Buffer.concat([room(3, 0.001), click, room(3, 0.001), click, room(3, 0.001)]);
  expect(await heardSeconds(sound, 1)).toBeCloseTo(sound.length / bytesPerSecond);
});

test('a fan that starts during the silence does not hold it up for long', async () => {
  const heard = await heardSeconds(Buffer.concat([voice, room(1, 0.001), room(20, 0.05)]), 2);
  expect(heard).toBeLessThan(voiceSeconds + 12);
});

test('pieces of any size are handed on unchanged and end at the same place', async () => {
  const sound = Buffer.concat([voice, room(5, 0.001)]);
  const end = await heardSeconds(sound, 1.5, 960);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 501, max: 20_000 }), async (size) => {
      const heard: Uint8Array[] = [];
      for await (const piece of untilSilence(pieces(sound, size), 1.5)) heard.push(piece);
      const bytes = Buffer.concat(heard);
      expect(bytes.equals(sound.subarray(0, bytes.length))).toBe(true);
      expect(Math.abs(bytes.length / bytesPerSecond - end)).toBeLessThanOrEqual(size / bytesPerSecond + 0.03);
    }),
    { numRuns: 10 },
  );
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const faults = join(import.meta.dirname, '../fixtures/faults');
const native = createNative();

let folder: string;
let path: string;
let jfk: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-mpeg-'));
  path = join(folder, 'recording');
  jfk = await readFile(join(fixtures, 'jfk.mp3'));
});

afterAll(() => rm(folder, { recursive: true }));

async function open(bytes: Buffer) {
  await writeFile(path, bytes);
  const audio = await native.openAudio({ path });
  return { samples: audio.samples(0, audio.sampleCount), warnings: audio.warnings, seconds: audio.durationSeconds };
}

/** Of jfk.mp3: version 2, layer III, 16 kHz. */
const frameSeconds = 576 / 16_000;

/** Offsets of the frames of a version 2, layer III stream; the first one describes the others. */
function framesOf(bytes: Buffer): number[] {
  const kilobits = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
  const offsets: number[] = [];
  let offset = bytes.indexOf(Buffer.from([0xff, 0xf3]));
  while (offset + 4 <= bytes.length && bytes[offset] === 0xff) {
    offsets.push(offset);
    const header = bytes.readUInt32BE(offset);
    const rate = [22050, 24000, 16000][(header >> 10) & 3] ?? 0;
    offset += Math.floor((72_000 * (kilobits[(header >> 12) & 15] ?? 0)) / rate) + ((header >> 9) & 1);
  }
  return offsets;
}

describe('a variable bit rate without a count of frames', () => {
  test('is read to the last frame when the first one is large', async () => {
    const audio = await native.openAudio({ path: join(faults, 'vbr-loud-first-no-xing.mp3') });
    expect(audio.durationSeconds).toBeGreaterThan(11.9);
    expect(audio.durationSeconds).toBeLessThan(12.1);
    expect(audio.warnings).toEqual([]);
  });

  test('is read to the last frame when the file was cut in front', async () => {
    const frames = framesOf(jfk);
    const tail = await open(jfk.subarray(3000));
    const whole = await open(jfk);
    const skippedFrames = frames.filter((offset) => offset < 3000).length;
    // The encoder's delay is in it, which only the description would tell.
    const expected = whole.seconds - skippedFrames * frameSeconds;
    expect(tail.seconds).toBeGreaterThan(expected - frameSeconds);
    expect(tail.seconds).toBeLessThan(expected + 4 * frameSeconds);
    expect(tail.warnings).toEqual([]);
  });

  test('gives the samples that a count gives', async () => {
    const [described, first] = framesOf(jfk);
    expect(jfk.subarray(described, first).includes('Info') || jfk.subarray(described, first).includes('Xing')).toBe(
      true,
    );
    const bare = await open(jfk.subarray(first));
    const whole = await open(jfk);
    // Without the description nothing says how much of the encoder's delay to drop.
    const shift = bare.samples.length - whole.samples.length;
    expect(shift).toBeGreaterThan(0);
    expect(bare.warnings).toEqual([]);
  });
});

test('a count of frames that is too small is put right', async () => {
  const bytes = Buffer.from(jfk);
  const mark = Math.max(bytes.indexOf('Info'), bytes.indexOf('Xing'));
  bytes.writeUInt32BE(Math.floor(bytes.readUInt32BE(mark + 8) / 3), mark + 8);
  const lying = await open(bytes);
  const whole = await open(jfk);
  expect(lying.warnings).toEqual([]);
  expect(Math.abs(lying.samples.length - whole.samples.length)).toBeLessThan(1600);
  const head = whole.samples.length - 3200;
  expect(lying.samples.subarray(0, head)).toEqual(whole.samples.subarray(0, head));
});

describe('one wrong byte', () => {
  test.each([
    ['takes the synchronisation away', 1, 0x00],
    ['claims another version and layer', 1, 0xff],
    ['claims another bit rate', 2, 0xe4],
    ['claims a bit rate that there is not', 2, 0xf4],
    ['claims another sample rate', 2, 0x40],
    ['claims one channel instead of two, or two instead of one', 3, -1],
  ])('that %s costs a frame at most, and shifts nothing behind it', async (_, index, value) => {
    const frames = framesOf(jfk);
    const offset = frames[200] as number;
    const bytes = Buffer.from(jfk);
    bytes[offset + index] = value === -1 ? (bytes[offset + 3] as number) ^ 0xc0 : value;
    const damaged = await open(bytes);
    const whole = await open(jfk);
    expect(damaged.samples.length).toBe(whole.samples.length);
    for (const warning of damaged.warnings) {
      expect(warning).toMatchObject({
        code: 'damaged',
        message: expect.stringContaining('What follows was transcribed.'),
      });
      expect(warning.atSeconds).toBeCloseTo(199 * frameSeconds, 1);
    }
    // The decoder's filters remember the damage in their last bits.
    const difference = damaged.samples.map((value, index) => Math.abs(value - (whole.samples[index] as number)));
    expect(Math.max(...difference.subarray(16_000 * 8))).toBeLessThanOrEqual(1);
  });

  test('is told with its time', async () => {
    const offset = framesOf(jfk)[200] as number;
    const bytes = Buffer.from(jfk);
    bytes[offset] = 0;
    const { warnings } = await open(bytes);
    expect(warnings).toEqual([
      {
        code: 'damaged',
        message: expect.stringMatching(/^The recording is damaged at 7\.[12] s: less than 0\.1 s could not be read/),
        atSeconds: expect.any(Number),
        bytes: expect.any(Number),
      },
    ]);
  });
});

test('bytes between frames are no sound, and are told', async () => {
  const offset = framesOf(jfk)[200] as number;
  const junk = Buffer.from(Array.from({ length: 20_000 }, (_, index) => Math.imul(index ^ 0x51ed, 0x9e3779b1) >>> 24));
  const bytes = Buffer.concat([jfk.subarray(0, offset), junk, jfk.subarray(offset)]);
  const damaged = await open(bytes);
  const whole = await open(jfk);
  expect(Math.abs(damaged.samples.length - whole.samples.length)).toBeLessThanOrEqual(576);
  expect(damaged.warnings).toMatchObject([{ code: 'damaged' }]);
  expect(damaged.warnings[0]?.bytes).toBeGreaterThanOrEqual(junk.length);
});

test('tags anywhere are no sound', async () => {
  const offset = framesOf(jfk)[200] as number;
  const apeEnd = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.write('APETAGEX');
    [2000, 5032, 1, flags].forEach((value, index) => {
      bytes.writeUInt32LE(value, 8 + index * 4);
    });
    return bytes;
  };
  const ape = Buffer.concat([apeEnd(0xa0000000), Buffer.alloc(5000, 0x58), apeEnd(0x80000000)]);
  const id3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x08\0'), Buffer.alloc(1024, 0x41)]);
  const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 0x41)]);
  const whole = await open(jfk);
  for (const tag of [ape, id3]) {
    const layouts = [
      Buffer.concat([tag, jfk]),
      Buffer.concat([jfk, tag, id3v1]),
      Buffer.concat([jfk.subarray(0, offset), tag, jfk.subarray(offset)]),
    ];
    for (const bytes of layouts) {
      const tagged = await open(bytes);
      expect(tagged.warnings).toEqual([]);
      expect(tagged.samples).toEqual(whole.samples);
    }
  }
});

describe('noise is never decoded as MP3', () => {
  const noise = (seed: number, length: number) => {
    let state = seed;
    return Buffer.from(
      Array.from({ length }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 24;
      }),
    );
  };

  test.each([1, 2, 3, 4, 5])('random bytes, %d', async (seed) => {
    await expect(open(noise(seed, 200_000))).rejects.toMatchObject({ code: 'AUDIO_NEEDS_CONVERSION' });
  });

  test('random bytes behind an ID3 tag', async () => {
    const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x08\0'), Buffer.alloc(1024, 0x41)]);
    await expect(open(Buffer.concat([tag, noise(6, 50_000)]))).rejects.toMatchObject({
      code: 'AUDIO_NEEDS_CONVERSION',
    });
  });

  test('random bytes that begin with a frame header, or two', async () => {
    for (const frames of [1, 2]) {
      const [start, end] = [framesOf(jfk)[100] as number, framesOf(jfk)[100 + frames] as number];
      const bytes = Buffer.concat([jfk.subarray(start, end), noise(7, 50_000)]);
      await expect(open(bytes)).rejects.toMatchObject({ code: 'AUDIO_NEEDS_CONVERSION' });
    }
  });
});

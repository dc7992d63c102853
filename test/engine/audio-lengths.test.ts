import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChunkFile, chunkFiles } from './audio-chunk-files.ts';
import { buildWavFile } from './audio-wav-file.ts';

const native = createNative();

/** 1.25 s that is neither silence nor noise, and that no byte of has a chance to look like a chunk. */
const samples = Int16Array.from({ length: 20_000 }, (_, index) => Math.round(9000 * Math.sin(index / 7)));

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-lengths-'));
  path = join(folder, 'recording');
});

afterAll(() => rm(folder, { recursive: true }));

async function open(bytes: Buffer) {
  await writeFile(path, bytes);
  const audio = await native.openAudio({ path });
  return { samples: audio.samples(0, audio.sampleCount), warnings: audio.warnings };
}

function chunk(name: string, content: Buffer, bigEndian = false): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  if (bigEndian) header.writeUInt32BE(content.length, 4);
  else header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

const largest = 0xffffffff;

describe('a length that nobody measured is replaced by what is there, without a word', () => {
  test.each<[keyof typeof chunkFiles, string, Omit<ChunkFile, 'samples'>]>([
    ['wav', '0', { claimedBytes: 0, claimedFormBytes: 0 }],
    ['wav', 'the largest', { claimedBytes: largest, claimedFormBytes: largest }],
    ['wav', 'the largest, even', { claimedBytes: largest - 1, claimedFormBytes: largest }],
    ['wav', 'the largest without its header', { claimedBytes: largest - 36, claimedFormBytes: largest }],
    ['wav', 'the largest with a sign', { claimedBytes: 0x7fffffff, claimedFormBytes: 0x7fffffff }],
    ['wav', '2,000,000,000', { claimedBytes: 2e9 }],
    ['wav', '2,000,000,000 in both lengths', { claimedBytes: 2e9, claimedFormBytes: 2e9 + 36 }],
    ['wav', '2 to the 30th', { claimedBytes: 2 ** 30, claimedFormBytes: 2 ** 30 + 36 }],
    ['wav', 'one byte too many', { claimedBytes: samples.length * 2 + 1 }],
    ['rf64', '0, as from a pipe', { claimedBytes: 0, claimedFormBytes: 0 }],
    ['rf64', '-1', { claimedBytes: -1n, claimedFormBytes: -1n }],
    ['rf64', '2,000,000,000', { claimedBytes: 2e9, claimedFormBytes: 2e9 }],
    ['wave64', '0', { claimedBytes: 0, claimedFormBytes: 0 }],
    ['wave64', 'its header alone', { claimedBytes: 24, claimedFormBytes: 24 }],
    ['wave64', '-1', { claimedBytes: -1n, claimedFormBytes: -1n }],
    ['wave64', 'the largest', { claimedBytes: 2n ** 63n - 1n, claimedFormBytes: 2n ** 63n - 1n }],
    ['aiff', '0', { claimedBytes: 0, claimedFormBytes: 0 }],
    ['aiff', 'nothing, not even its header', { claimedBytes: largest - 7, claimedFormBytes: largest }],
    ['aiff', 'the largest', { claimedBytes: largest - 8, claimedFormBytes: largest }],
    ['aiff', '2,000,000,000', { claimedBytes: 2e9, claimedFormBytes: 2e9 }],
    ['caf', '-1, the format’s own word for "to the end"', { claimedBytes: -1 }],
    ['caf', '0', { claimedBytes: 0 }],
    ['caf', 'its header alone', { claimedBytes: 4 }],
    ['caf', '2 to the 40th', { claimedBytes: 2n ** 40n }],
    ['au', 'the largest, the format’s own word for "unknown"', { claimedBytes: largest }],
    ['au', '0', { claimedBytes: 0 }],
    ['au', '2,000,000,000', { claimedBytes: 2e9 }],
  ])('%s: %s', async (container, _, claims) => {
    expect(await open(chunkFiles[container]({ samples, ...claims }))).toEqual({ samples, warnings: [] });
  });
});

describe('a length that is too short hides nothing, and is told', () => {
  test.each<[keyof typeof chunkFiles, number, number]>([
    ['wav', 1, 1],
    ['wav', 3, 3],
    ['wav', 8000, 8000],
    ['rf64', 8000, 8000],
    ['wave64', 24 + 8000, 8000],
    ['aiff', 8000, 8000],
    ['caf', 4 + 8000, 8000],
    ['au', 8000, 8000],
  ])('%s: %d', async (container, claimedBytes, read) => {
    const opened = await open(chunkFiles[container]({ samples, claimedBytes }));
    expect(opened.samples).toEqual(samples);
    expect(opened.warnings).toEqual([
      {
        code: 'wrong-length',
        message: expect.stringMatching(/header gives a length that is too short: \d+ bytes of sound follow/),
        atSeconds: null,
        bytes: samples.length * 2 - read,
      },
    ]);
  });
});

test('a number of frames that an AIFF header gives beside the length of the sound is not believed', async () => {
  const bytes = chunkFiles.aiff({ samples });
  bytes.writeUInt32BE(1000, bytes.indexOf('COMM') + 10);
  expect(await open(bytes)).toEqual({ samples, warnings: [] });
});

describe('chunks behind the sound are no sound', () => {
  const text = Buffer.from('Comment of a recorder with many letters. '.repeat(400));
  const list = (bigEndian: boolean) =>
    chunk('LIST', Buffer.concat([Buffer.from('INFO'), chunk('ICMT', text, bigEndian)]), bigEndian);
  const binary = (bigEndian: boolean) =>
    chunk('C2PA', Buffer.from(Array.from({ length: 20_001 }, (_, i) => i % 251)), bigEndian);

  test.each<[keyof typeof chunkFiles, number]>([
    ['wav', samples.length * 2],
    ['wav', 0],
    ['wav', largest],
    ['wav', 2e9],
    ['rf64', 0],
    ['aiff', 0],
    ['aiff', largest - 8],
    ['aiff', samples.length * 2],
  ])('%s with the length %d', async (container, claimedBytes) => {
    const bigEndian = container === 'aiff';
    for (const trailer of [list(bigEndian), binary(bigEndian), Buffer.concat([list(bigEndian), binary(bigEndian)])]) {
      const bytes = chunkFiles[container]({ samples, claimedBytes, trailer });
      expect(await open(bytes)).toEqual({ samples, warnings: [] });
    }
  });
});

test.each([
  ['zeros', Buffer.alloc(9000)],
  ['an ID3 tag', Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x40\0'), Buffer.alloc(8192, 0x41)])],
  ['an APE tag', apeTag(5000)],
  ['an ID3v1 tag', Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 0x41)])],
  ['text', Buffer.from('<?xpacket begin?>'.repeat(500))],
])('%s behind the sound are not heard', async (_, trailer) => {
  expect(await open(chunkFiles.wav({ samples, trailer }))).toEqual({ samples, warnings: [] });
});

test('compressed data behind the sound is not heard as noise, and said', async () => {
  const trailer = Buffer.from(
    Array.from({ length: 40_000 }, (_, index) => Math.imul(index ^ 0x5bd1, 0x9e3779b1) >>> 24),
  );
  const opened = await open(chunkFiles.wav({ samples, trailer }));
  expect(opened.samples).toEqual(samples);
  expect(opened.warnings).toEqual([
    {
      code: 'sound-left-out',
      message: expect.stringMatching(/^The file goes on at 1\.3 s with 40000 bytes that were left out/),
      atSeconds: samples.length / 16_000,
      bytes: trailer.length,
    },
  ]);
});

test('a chunk of odd length without its pad byte does not hide the sound', async () => {
  const whole = chunkFiles.wav({ samples });
  const odd = Buffer.concat([Buffer.from('abcd\x07\0\0\0'), Buffer.alloc(7)]);
  const bytes = Buffer.concat([whole.subarray(0, 36), odd, whole.subarray(36)]);
  expect(await open(bytes)).toEqual({ samples, warnings: [] });
});

test('what a file was cut from is still told', async () => {
  for (const container of ['wav', 'rf64', 'wave64', 'aiff', 'caf', 'au'] as const) {
    const whole = chunkFiles[container]({ samples });
    const cut = await open(whole.subarray(0, whole.length - 10_000));
    expect(cut.samples).toEqual(samples.subarray(0, samples.length - 5000));
    expect(cut.warnings).toMatchObject([
      { code: 'damaged', message: expect.stringContaining('bytes of sound and holds') },
    ]);
  }
});

test.each([1, 2, 3, 7])('a recording of %d samples is read whole', async (count) => {
  const few = samples.subarray(100, 100 + count);
  for (const [container, build] of Object.entries(chunkFiles)) {
    expect({ container, ...(await open(build({ samples: few }))) }).toEqual({ container, samples: few, warnings: [] });
  }
});

test('a header alone is an empty recording', async () => {
  const bytes = buildWavFile({ data: Buffer.alloc(0), claimedBytes: 0x7f000000 });
  await expect(open(bytes)).rejects.toMatchObject({ code: 'AUDIO_EMPTY' });
});

/** With a header and a footer, each of 32 bytes. */
function apeTag(itemBytes: number): Buffer {
  const end = (flags: number) => {
    const bytes = Buffer.alloc(32);
    bytes.write('APETAGEX');
    [2000, itemBytes + 32, 1, flags].forEach((value, index) => {
      bytes.writeUInt32LE(value, 8 + index * 4);
    });
    return bytes;
  };
  return Buffer.concat([end(0xa0000000), Buffer.alloc(itemBytes, 0x58), end(0x80000000)]);
}

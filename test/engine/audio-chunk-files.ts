import { buildWavFile } from './audio-wav-file.ts';

export interface ChunkFile {
  /** 16-bit samples, one channel, 16 kHz. */
  readonly samples: Int16Array;
  /** What the header says about the bytes of the samples; default: the truth. */
  readonly claimedBytes?: number | bigint;
  /** What the header says about everything; default: the truth. */
  readonly claimedFormBytes?: number | bigint;
  /** What follows the samples. */
  readonly trailer?: Buffer;
}

type Build = (file: ChunkFile) => Buffer;

const waveFormat = buildWavFile({}).subarray(12, 36);

/** Each container with lengths in its header, right or wrong. */
export const chunkFiles = { wav, rf64, wave64, aiff, caf, au } satisfies Record<string, Build>;

function wav({ samples, claimedBytes, claimedFormBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples);
  const header = Buffer.alloc(8);
  header.write('data');
  header.writeUInt32LE(Number(claimedBytes ?? data.length), 4);
  const body = Buffer.concat([Buffer.from('WAVE'), waveFormat, header, data, trailer]);
  const form = Buffer.from('RIFF\0\0\0\0');
  form.writeUInt32LE(Number(claimedFormBytes ?? body.length), 4);
  return Buffer.concat([form, body]);
}

function rf64({ samples, claimedBytes, claimedFormBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples);
  const sizes = Buffer.alloc(8 + 28);
  sizes.write('ds64');
  sizes.writeUInt32LE(28, 4);
  sizes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(claimedFormBytes ?? 72 + data.length + trailer.length)), 8);
  sizes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(claimedBytes ?? data.length)), 16);
  const unknown = Buffer.alloc(4, 0xff);
  return Buffer.concat([
    Buffer.from('RF64'),
    unknown,
    Buffer.from('WAVE'),
    sizes,
    waveFormat,
    Buffer.from('data'),
    unknown,
    data,
    trailer,
  ]);
}

function wave64({ samples, claimedBytes, claimedFormBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples);
  const named = (name: string) =>
    Buffer.from(
      name === 'riff'
        ? '726966662e91cf11a5d628db04c10000'
        : `${Buffer.from(name).toString('hex')}f3acd3118cd100c04f8edb8a`,
      'hex',
    );
  const long = (value: number | bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    return bytes;
  };
  const head = [named('wave'), named('fmt '), long(24 + 16), waveFormat.subarray(8)];
  const sound = [named('data'), long(claimedBytes ?? 24 + data.length), data, trailer];
  const body = Buffer.concat([...head, ...sound]);
  return Buffer.concat([named('riff'), long(claimedFormBytes ?? 24 + body.length), body]);
}

function aiff({ samples, claimedBytes, claimedFormBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples).swap16();
  // 1 channel, as many frames, 16 bits, 16 kHz as an 80-bit number.
  const common = Buffer.from('COMM\0\0\0\x12\0\x01\0\0\0\0\0\x10\x40\x0c\xfa\0\0\0\0\0\0\0', 'latin1');
  const claimed = Number(claimedBytes ?? data.length);
  common.writeUInt32BE(Math.floor(claimed / 2), 10);
  const sound = Buffer.from('SSND\0\0\0\0\0\0\0\0\0\0\0\0');
  sound.writeUInt32BE((claimed + 8) % 2 ** 32, 4);
  const body = Buffer.concat([Buffer.from('AIFF'), common, sound, data, trailer]);
  const form = Buffer.from('FORM\0\0\0\0');
  form.writeUInt32BE(Number(claimedFormBytes ?? body.length), 4);
  return Buffer.concat([form, body]);
}

function caf({ samples, claimedBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples);
  const description = Buffer.alloc(12 + 32);
  description.write('desc');
  description.writeBigInt64BE(32n, 4);
  description.writeDoubleBE(16000, 12);
  description.write('lpcm', 20);
  // Flags (2: little-endian), bytes and frames per packet, channels, bits.
  [2, 2, 1, 1, 16].forEach((value, index) => {
    description.writeUInt32BE(value, 24 + index * 4);
  });
  const sound = Buffer.alloc(16);
  sound.write('data');
  sound.writeBigInt64BE(BigInt(claimedBytes ?? data.length + 4), 4);
  return Buffer.concat([Buffer.from('caff\0\x01\0\0'), description, sound, data, trailer]);
}

function au({ samples, claimedBytes, trailer = Buffer.alloc(0) }: ChunkFile): Buffer {
  const data = littleEndian(samples).swap16();
  const header = Buffer.alloc(24);
  header.write('.snd');
  [24, Number(claimedBytes ?? data.length), 3, 16000, 1].forEach((value, index) => {
    header.writeUInt32BE(value, 4 + index * 4);
  });
  return Buffer.concat([header, data, trailer]);
}

function littleEndian(samples: Int16Array): Buffer {
  return Buffer.from(samples.slice().buffer);
}

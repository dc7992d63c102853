/** How raw samples come: little endian, channels interleaved. */
export interface RawFormat {
  readonly encoding: 's16' | 's24' | 's32' | 'f32' | 'u8' | 'mulaw' | 'alaw';
  readonly rate: number;
  readonly channels: number;
}

/** Format tags of WAV, and bytes of a sample. */
const codecs: Readonly<Record<RawFormat['encoding'], readonly [tag: number, bytes: number]>> = {
  s16: [1, 2],
  s24: [1, 3],
  s32: [1, 4],
  f32: [3, 4],
  u8: [1, 1],
  mulaw: [7, 1],
  alaw: [6, 1],
};
const unknownLength = 0xffff_ffff;

/** What makes a WAV file of raw samples, as many as will come. */
export function wavHeader({ encoding, rate, channels }: RawFormat): Buffer {
  const [tag, sampleBytes] = codecs[encoding];
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(unknownLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(tag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * sampleBytes, 28);
  header.writeUInt16LE(channels * sampleBytes, 32);
  header.writeUInt16LE(sampleBytes * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(unknownLength, 40);
  return header;
}

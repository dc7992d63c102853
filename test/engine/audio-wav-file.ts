export interface WavFile {
  readonly formatTag?: number;
  readonly channels?: number;
  readonly sampleRateHz?: number;
  readonly bitsPerSample?: number;
  readonly data?: Buffer;
  /** What the header says about the length of `data`. */
  readonly claimedBytes?: number;
}

/** A WAV file as its parts say, right or wrong. */
export function buildWavFile({
  formatTag = 1,
  channels = 1,
  sampleRateHz = 16000,
  bitsPerSample = 16,
  data = Buffer.alloc(2000),
  claimedBytes = data.length,
}: WavFile): Buffer {
  const blockBytes = (channels * bitsPerSample) / 8;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(formatTag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE((sampleRateHz * blockBytes) % 2 ** 32, 28);
  header.writeUInt16LE(blockBytes % 2 ** 16, 32);
  header.writeUInt16LE(bitsPerSample, 34);
  header.write('data', 36);
  header.writeUInt32LE(claimedBytes, 40);
  return Buffer.concat([header, data]);
}

const headerBytes = 44;

/** A 16-bit mono wav file of 16 kHz whose samples `sample` gives by their number. */
export function wavOf(sample: (i: number) => number, sampleCount: number): Buffer {
  const file = Buffer.alloc(headerBytes + sampleCount * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(16_000, 24);
  file.writeUInt32LE(32_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(sampleCount * 2, 40);
  for (let i = 0; i < sampleCount; i++) file.writeInt16LE(Math.round(sample(i)), headerBytes + i * 2);
  return file;
}

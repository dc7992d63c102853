import { buildWavFile } from '../audio-wav-file.ts';

/** A 16-bit mono wav file of 16 kHz whose samples `sample` gives by their number. */
export function wavOf(sample: (i: number) => number, sampleCount: number): Buffer {
  const data = Buffer.alloc(sampleCount * 2);
  for (let i = 0; i < sampleCount; i++) data.writeInt16LE(Math.round(sample(i)), i * 2);
  return buildWavFile({ data });
}

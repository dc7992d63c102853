import type { SampleFormat } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';

/** What stands before the sound of a WAV file. */
export interface WavHeader {
  readonly format: SampleFormat;
  readonly frameBytes: number;
  readonly soundStart: number;
  /** Where the sound ends; null for a length that nobody knew when the header was written. */
  readonly soundEnd: number | null;
}

const formatTags = { pcm: 1, float: 3, alaw: 6, mulaw: 7, extensible: 0xfffe } as const;
/** Programs that write into a pipe claim 0 bytes, or about as many as fit: 2 or 4 GiB. */
const smallestUnknownLength = 0x7fff_0000;
/** A header that is longer is none. */
const mostHeaderBytes = 1024 * 1024;

/** Reads the header at the beginning of some bytes; null if more of them are needed. @throws `AUDIO_UNSUPPORTED` */
export function readWavHeader(bytes: Buffer): WavHeader | null {
  if (bytes.length < 12) return null;
  const isWav = /^(RIFF|RF64)$/.test(bytes.toString('latin1', 0, 4)) && bytes.toString('latin1', 8, 12) === 'WAVE';
  if (!isWav) throw unsupported('other bytes');
  let layout: Pick<WavHeader, 'format' | 'frameBytes'> | null = null;
  for (let place = 12; place + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', place, place + 4);
    const length = bytes.readUInt32LE(place + 4);
    const start = place + 8;
    if (name === 'data') {
      if (layout === null) throw unsupported('sound without a format before it');
      const isKnown = length > 0 && length < smallestUnknownLength;
      return { ...layout, soundStart: start, soundEnd: isKnown ? start + length : null };
    }
    if (name === 'fmt ' && start + length <= bytes.length) layout = readFormat(bytes.subarray(start, start + length));
    place = start + length + (length % 2);
  }
  if (bytes.length > mostHeaderBytes) throw unsupported('no sound in its first bytes');
  return null;
}

function readFormat(chunk: Buffer): Pick<WavHeader, 'format' | 'frameBytes'> {
  if (chunk.length < 16) throw unsupported('a format that is cut short');
  const tag = chunk.readUInt16LE(0);
  const channels = chunk.readUInt16LE(2);
  const frameBytes = chunk.readUInt16LE(12);
  const bits = chunk.readUInt16LE(14);
  const codec = tag === formatTags.extensible && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const encoding = encodingOf(codec, bits);
  if (encoding === null || channels === 0 || frameBytes * 8 !== bits * channels) {
    throw unsupported(`samples of ${bits} bits in the format ${codec}`);
  }
  return { format: { encoding, sampleRateHz: chunk.readUInt32LE(4), channels }, frameBytes };
}

function encodingOf(codec: number, bits: number): SampleFormat['encoding'] | null {
  if (codec === formatTags.alaw && bits === 8) return 'alaw';
  if (codec === formatTags.mulaw && bits === 8) return 'mulaw';
  if (codec === formatTags.pcm) return ({ 8: 'u8', 16: 's16', 24: 's24', 32: 's32' } as const)[bits] ?? null;
  if (codec === formatTags.float) return ({ 32: 'f32', 64: 'f64' } as const)[bits] ?? null;
  return null;
}

function unsupported(got: string): HearthError {
  return new HearthError('AUDIO_UNSUPPORTED', `Expected WAV with plain samples for live text, got ${got}.`, {
    hint: 'Send WAV, or raw samples with their `rate` and `channels`; other formats can be sent as a whole recording.',
  });
}

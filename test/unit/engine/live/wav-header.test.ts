import { expect, test } from '@jest/globals';
import { readWavHeader } from '../../../../daemon/src/engine/live/wav-header.ts';
import { type RawFormat, wavHeader } from '../../../../daemon/src/server/http/live/wav-header.ts';

test.each(['s16', 's24', 's32', 'f32', 'u8', 'mulaw', 'alaw'] as const)(
  'reads the header that raw %s gets',
  (encoding) => {
    const format: RawFormat = { encoding, rate: 44_100, channels: 2 };
    const header = wavHeader(format);
    const read = readWavHeader(header);
    expect(read).toMatchObject({
      format: { encoding, sampleRateHz: 44_100, channels: 2 },
      soundStart: 44,
      soundEnd: null,
    });
    expect(readWavHeader(header.subarray(0, 43))).toBeNull();
  },
);

test('skips chunks before the sound, and ends with a length that is known', () => {
  const header = wavHeader({ encoding: 's16', rate: 16_000, channels: 1 });
  const list = Buffer.from('LIST\x05\0\0\0INFO!\0', 'latin1');
  const bytes = Buffer.concat([header.subarray(0, 36), list, header.subarray(36)]);
  bytes.writeUInt32LE(1000, bytes.length - 4);
  expect(readWavHeader(bytes)).toMatchObject({ soundStart: 58, soundEnd: 1058 });
});

test.each(['OggS is no WAV file.', 'RIFF\0\0\0\0AVI LIST'])('refuses %j', (text) => {
  expect(() => readWavHeader(Buffer.from(text, 'latin1'))).toThrow(/Expected WAV/);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeModel, NativeVoiceActivity, SampleFormat } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readWavHeader } from '../../daemon/src/engine/live/wav-header.ts';
import { type RawFormat, wavHeader } from '../../daemon/src/server/http/live/wav-header.ts';
import { pathOf } from './fork-engine.ts';
import { loadEmbeddedModel, native, sessionOf } from './support/embedded-model.ts';
import { recordingPath } from './support/recordings.ts';
import { withTemporaryFolder } from './support/temporary-folder.ts';

let model: NativeModel;
let network: NativeVoiceActivity;

beforeAll(async () => {
  network = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  model = await loadEmbeddedModel();
});

afterAll(() => {
  network.close();
  model.close();
});

/** Any bytes but numbers that are none: those are silence to a file, too, but a library may say so in its own way. */
function bytesOf(encoding: RawFormat['encoding'], count: number): Buffer {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  if (encoding !== 'f32') return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
  const samples = Float32Array.from({ length: count / 4 }, () => random() * 2 - 1);
  return Buffer.from(samples.buffer);
}

test.each<RawFormat>([
  { encoding: 's16', rate: 16_000, channels: 1 },
  { encoding: 's16', rate: 24_000, channels: 1 },
  { encoding: 's24', rate: 44_100, channels: 2 },
  { encoding: 's32', rate: 48_000, channels: 2 },
  { encoding: 'f32', rate: 22_050, channels: 1 },
  { encoding: 'u8', rate: 11_025, channels: 1 },
  { encoding: 'mulaw', rate: 8_000, channels: 1 },
  { encoding: 'alaw', rate: 8_000, channels: 1 },
])(
  'sound that comes in pieces has the samples of its file: $encoding, $rate Hz, $channels channels',
  async (format) => {
    const header = wavHeader(format);
    const data = bytesOf(format.encoding, 48_000);
    const growing = native.growAudio(readWavHeader(header)?.format as SampleFormat);
    for (let start = 0, size = 1; start < data.length; start += size, size = (size * 7 + 3) % 5000) {
      growing.append(data.subarray(start, start + size));
    }
    growing.finish();
    const whole = growing.recording(0, growing.sampleCount);
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'file.wav');
      await writeFile(path, Buffer.concat([header, data]));
      const file = await native.openAudio({ path });
      expect(whole.sampleCount).toBe(file.sampleCount);
      expect(whole.samples(0, whole.sampleCount)).toEqual(file.samples(0, file.sampleCount));
      file.close();
    });
    whole.close();
    growing.close();
  },
);

test('voice activity goes on where it was, whatever was given up meanwhile', async () => {
  const recording = await native.openAudio({ path: recordingPath('3331-159605-0006.flac') });
  const quiet = recording.samples(0, recording.sampleCount);
  recording.close();
  // Loud from its beginning: how loud a sound gets later, nobody knows before, and what is quiet is heard louder.
  const loud = Int16Array.from(quiet, (sample) => Math.max(-32_768, Math.min(32_767, sample * 3)));
  const samples = Int16Array.from([...loud.slice(16_000, 32_000), ...loud]);
  const format: SampleFormat = { encoding: 's16', sampleRateHz: 16_000, channels: 1 };
  const growing = native.growAudio(format);
  const file = native.growAudio(format);
  file.append(new Uint8Array(samples.buffer));
  const whole = file.recording(0, file.sampleCount);
  const session = sessionOf(model, network);
  const expected = (await session.speechFrom(whole, 0)) as Float32Array;
  const heard: number[] = [];
  for (let start = 0; start < samples.length; start += 4_321) {
    growing.append(new Uint8Array(samples.slice(start, start + 4_321).buffer));
    heard.push(...(await session.hearOn(growing)));
    growing.forget(growing.sampleCount);
  }
  growing.finish();
  heard.push(...(await session.hearOn(growing)));
  expect(Math.max(...expected)).toBeGreaterThan(0.9);
  expect(Float32Array.from(heard)).toEqual(expected);
  session.close();
  for (const audio of [whole, growing, file]) audio.close();
});

test('refuses a rate that no recording has', () => {
  const format = { encoding: 's16', sampleRateHz: 3, channels: 1 } as const;
  expect(() => native.growAudio(format)).toThrow(/Expected a sample rate of 1000/);
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Native } from '@hearth/native';
import { chunkFiles } from '../../audio-chunk-files.ts';
import { createMutator } from '../../audio-mutations.ts';
import { openWhole } from '../open-whole.ts';
import { recordingPath } from '../recordings.ts';
import type { ChangedFiles } from './changed-files.ts';

/** Cut, so that it is decoding that is tried and not patience. */
const soundFiles = [
  ['google_brooklyn.flac', 20_000],
  ['sr_stereo24.flac', 30_000],
  ['msft_weather.mp3', 12_000],
  ['jfk.mp3', 20_000],
  ['mfa_13697_11991_000000.opus', 16_000],
  ['music_prelude.ogg', 20_000],
  ['librispeech_198-209-0000.ogg', 16_000],
  ['msft_weather_mulaw.wav', 8_000],
  ['brooklyn_alaw.wav', 8_000],
  ['brooklyn_float32.wav', 16_000],
  ['brooklyn_pcm24.wav', 12_000],
  ['sr_mono8bit.wav', 8_000],
  ['brooklyn.aiff', 12_000],
  ['brooklyn.caf', 12_000],
  ['brooklyn_mulaw.au', 8_000],
] as const;
const containerFiles = [
  ['jfk_441khz.m4a', 40_000],
  ['jfk_truncated.m4a', 20_000],
  ['brooklyn.mp4', 40_000],
  ['jfk_opus.webm', 30_000],
  ['watson_weather.webm', 30_000],
] as const;

function readHeads(files: readonly (readonly [name: string, bytes: number])[]): Promise<readonly Buffer[]> {
  return Promise.all(files.map(async ([name, bytes]) => (await readFile(recordingPath(name))).subarray(0, bytes)));
}

/** Recordings that the engine decodes itself. */
export async function changedSounds(native: Native, folder: string): Promise<ChangedFiles> {
  const samples = Int16Array.from({ length: 3000 }, (_, index) => Math.round(9000 * Math.sin(index / 7)));
  const files = [...Object.values(chunkFiles).map((build) => build({ samples })), ...(await readHeads(soundFiles))];
  const path = join(folder, 'sound');
  return {
    name: 'sound',
    share: 0.8,
    async tryOne({ seed }) {
      await writeFile(path, createMutator(files, seed).next());
      const audio = await native.openAudio({ path });
      const samplesRead = audio.samples(0, audio.sampleCount).length;
      const isSound = samplesRead === audio.sampleCount && samplesRead > 0 && Number.isFinite(audio.rmsAmplitude);
      audio.close();
      return isSound ? 'read' : 'read with samples that are none';
    },
  };
}

/** Recordings that a converter reads, where there is one. */
export async function changedContainers(native: Native, folder: string): Promise<ChangedFiles> {
  const files = await readHeads(containerFiles);
  const path = join(folder, 'container');
  return {
    name: 'container',
    share: 0.01,
    async tryOne({ seed }) {
      await writeFile(path, createMutator(files, seed).next());
      const {
        sounds: [{ audio }],
      } = await openWhole({ native, path, temporaryFolder: folder, minFreeDiskBytes: 0 });
      audio.close();
      return 'read';
    },
  };
}

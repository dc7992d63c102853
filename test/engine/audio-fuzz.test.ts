import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chunkFiles } from './audio-chunk-files.ts';
import { createMutator } from './audio-mutations.ts';

const fixtures = join(import.meta.dirname, '../fixtures/audio');
const native = createNative();
const codes = ['AUDIO_CORRUPT', 'AUDIO_EMPTY', 'AUDIO_NEEDS_CONVERSION', 'AUDIO_UNSUPPORTED'];
/** More is for a run of its own: `HEARTH_AUDIO_MUTATIONS=20000 npm run jest -- test/engine/audio-fuzz`. */
const mutations = Number(process.env['HEARTH_AUDIO_MUTATIONS'] ?? 400);

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-fuzz-'));
  path = join(folder, 'recording');
});

afterAll(() => rm(folder, { recursive: true }));

async function collectFiles(): Promise<Buffer[]> {
  const samples = Int16Array.from({ length: 3000 }, (_, index) => Math.round(9000 * Math.sin(index / 7)));
  const heads = [
    ['google_brooklyn.flac', 20_000],
    ['msft_weather.mp3', 12_000],
    ['jfk.mp3', 20_000],
    ['mfa_13697_11991_000000.opus', 16_000],
    ['music_prelude.ogg', 20_000],
    ['msft_weather_mulaw.wav', 8000],
  ] as const;
  const cut = heads.map(async ([file, bytes]) => (await readFile(join(fixtures, file))).subarray(0, bytes));
  return [...Object.values(chunkFiles).map((build) => build({ samples })), ...(await Promise.all(cut))];
}

test(`${mutations} changed recordings are read, or refused with a reason`, async () => {
  const mutator = createMutator(await collectFiles(), 20_261_129);
  const seen = new Map<string, number>();
  for (let count = 0; count < mutations; count++) {
    await writeFile(path, mutator.next());
    const outcome = await native.openAudio({ path }).then(
      (audio) => {
        expect(audio.sampleCount).toBeGreaterThan(0);
        expect(audio.samples(0, audio.sampleCount).length).toBe(audio.sampleCount);
        expect(Number.isFinite(audio.rmsAmplitude)).toBe(true);
        audio.close();
        return audio.warnings[0]?.code ?? 'whole';
      },
      (error: { readonly code?: string }) => error.code ?? String(error),
    );
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  }
  const known = ['whole', 'damaged', 'sound-left-out', 'wrong-length', 'inverted-channels', ...codes];
  expect([...seen.keys()].filter((outcome) => !known.includes(outcome))).toEqual([]);
  // The changes reach both ends: recordings that are still read, and such that are refused.
  expect(seen.get('damaged') ?? 0).toBeGreaterThan(mutations / 50);
  expect(seen.get('whole') ?? 0).toBeGreaterThan(mutations / 50);
  expect(seen.get('AUDIO_CORRUPT') ?? 0).toBeGreaterThan(0);
});

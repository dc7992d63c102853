import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { createNative, type NativeVoiceActivity } from '../../native/index.ts';
import { readSpeechProbabilities } from '../../native/testing.ts';
import { type RunningDaemon, startDaemon } from '../e2e/support/start-daemon.ts';
import { pathOf } from './fork-engine.ts';
import { hum, repeated, type Sound, typing, whiteNoise } from './support/sounds-without-speech.ts';
import { wavOf } from './support/wav-of.ts';

const native = createNative();
const sampleRateHz = 16_000;
let network: NativeVoiceActivity;
let folder: string;
let daemon: RunningDaemon;

beforeAll(async () => {
  network = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  folder = await mkdtemp(join(tmpdir(), 'hearth-voice-'));
  daemon = await startDaemon();
});

afterAll(async () => {
  network.close();
  await daemon.stop();
  await rm(folder, { recursive: true });
});

test('the probabilities of speech are those of onnxruntime', async () => {
  const expected = JSON.parse(readFileSync(pathOf('test/fixtures/oracle/silero-probabilities.json'), 'utf8')) as {
    file: string;
    probabilities: number[];
  };
  const audio = await native.openAudio({ path: pathOf(`test/fixtures/audio/${expected.file}`) });
  const probabilities = await readSpeechProbabilities({ network, audio });
  audio.close();
  expect(probabilities).toHaveLength(expected.probabilities.length);
  const furthest = Math.max(
    ...expected.probabilities.map((value, i) => Math.abs(value - (probabilities[i] as number))),
  );
  process.stdout.write(`speech probability: at most ${furthest.toExponential(1)} from onnxruntime's\n`);
  expect(furthest).toBeLessThan(1e-3);
});

/** Ten minutes of each, and as a live session: bench/durability/no-speech.ts. */
const modes = [
  { mode: 'part after part', query: '', minuteCount: 2 },
  { mode: 'window after window', query: '?sequential=true', minuteCount: 2 },
  { mode: 'in batches', query: '?batchSize=8', minuteCount: 1 },
];

describe.each(modes)('$minuteCount minutes, $mode, give no text if they are', ({ query, minuteCount }) => {
  async function transcribe(sample: Sound): Promise<Transcript> {
    const path = join(folder, 'sound.wav');
    await writeFile(path, wavOf(sample, minuteCount * 60 * sampleRateHz));
    const answer = await daemon.ask({
      path: `/v1/transcriptions${query}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path }),
    });
    return answer.json<Transcript>();
  }

  test.each([
    ['silence', () => 0],
    ['loud noise', whiteNoise(-6)],
    ['faint noise', whiteNoise(-40)],
    ['hum of 50 Hz', hum(50)],
    ['hum of 60 Hz', hum(60)],
    ['typing', typing()],
  ])('%s', async (_sound, sample) => {
    expect(await transcribe(sample)).toMatchObject({ text: '', segments: [], duration: minuteCount * 60 });
  });

  test('music', async () => {
    const music = await repeated(pathOf('test/fixtures/audio/music_prelude.ogg'));
    expect(await transcribe(music)).toMatchObject({ text: '', segments: [] });
  });
});

test('what is said after minutes of silence keeps its time', async () => {
  const audio = await native.openAudio({ path: pathOf('assets/samples/jfk.flac') });
  const speech = audio.samples(0, audio.sampleCount);
  audio.close();
  const silentSamples = 180 * sampleRateHz;
  const path = join(folder, 'late.wav');
  await writeFile(
    path,
    wavOf((i) => speech[i - silentSamples] ?? 0, silentSamples + speech.length),
  );
  const answer = await daemon.ask({
    path: '/v1/transcriptions?wordTimestamps=true',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  });
  const { text, segments } = answer.json<Transcript>();
  expect(text).toMatch(/fellow Americans.*your country/);
  const words = segments.flatMap((segment) => segment.words ?? []);
  expect(words[0]?.start).toBeGreaterThan(179);
  expect(words.find(({ word }) => word.includes('Americans'))?.start).toBeCloseTo(181.6, 0);
});

import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeAudio, NativeModel, NativeVoiceActivity } from '@hearth/native';
import { hearInPieces, readLogMel, readSpeechProbabilities } from '@hearth/native/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildWavFile } from './audio-wav-file.ts';
import { pathOf } from './fork-engine.ts';
import { loadEmbeddedModel, native, sessionOf } from './support/embedded-model.ts';
import { recordingPath } from './support/recordings.ts';
import { withTemporaryFolder } from './support/temporary-folder.ts';
import { wavOf } from './support/wav-of.ts';

const sampleRateHz = 16_000;
let model: NativeModel;
let network: NativeVoiceActivity;
let speech: Int16Array;

beforeAll(async () => {
  network = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  model = await loadEmbeddedModel();
  speech = await samplesOf('picovoice_leopard_de.wav');
});

afterAll(() => {
  network.close();
  model.close();
});

async function samplesOf(file: string): Promise<Int16Array> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  const samples = audio.samples(0, audio.sampleCount);
  audio.close();
  return samples;
}

/** What is known of a recording that was heard while it was decoded, and of one that is heard as a whole later. */
async function expectHeardAsAWhole(path: string): Promise<void> {
  const listeners = { voiceActivity: network, model };
  const [heard, whole] = await Promise.all([native.openAudio({ path, listeners }), native.openAudio({ path })]);
  const session = sessionOf(model, network);
  try {
    expect(heard.sampleCount).toBe(whole.sampleCount);
    expect(await session.speechFrom(heard, 0)).toEqual(await readSpeechProbabilities({ network, audio: whole }));
    expect(await logMelOf(heard)).toEqual(await logMelOf(whole));
  } finally {
    session.close();
    heard.close();
    whole.close();
  }
}

/** Of the first seconds; it depends on the whole recording's loudest. */
function logMelOf(audio: NativeAudio): Promise<Float32Array> {
  return readLogMel({ model, audio, startFrame: 0, frameCount: 300 });
}

test.each([
  ['an MP3 file at 22 kHz', 'LJ001-long.mp3'],
  ['a FLAC file at 16 kHz', 'google_brooklyn.flac'],
  ['a stereo file', 'fasterwhisper_stereo_diarization.wav'],
  ['a file whose end is missing', 'jfk_truncated.mp3'],
  ['silence', 'am_digital_silence.wav'],
  ['noise', 'sb_noise2.wav'],
])('%s is heard while it is decoded as it is afterwards', async (_, file) => {
  await expectHeardAsAWhole(recordingPath(file));
});

const sounds: readonly (readonly [string, (i: number) => number])[] = [
  ['is quiet throughout', (i) => (speech[i] as number) / 64],
  ['is off zero', (i) => (speech[i] as number) / 2 + 4000],
  ['is off zero from its second half on', (i) => (speech[i] as number) / 8 + (i > speech.length / 2 ? 9000 : 0)],
  ['begins with silence', (i) => speech[i - 3 * sampleRateHz] ?? 0],
];

test.each(sounds)('a recording that %s is heard while it is decoded as it is afterwards', async (_, at) => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, 'sound.wav');
    await writeFile(
      path,
      wavOf((i) => at(i), speech.length),
    );
    await expectHeardAsAWhole(path);
  });
});

test('channels that cancel each other out are heard as the one that is used in their place', async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, 'inverted.wav');
    const data = Buffer.from(Int16Array.from([...speech].flatMap((sample) => [sample, -sample])).buffer);
    await writeFile(path, buildWavFile({ channels: 2, data }));
    const audio = await native.openAudio({ path, listeners: { voiceActivity: network, model } });
    expect(audio.warnings).toMatchObject([{ code: 'inverted-channels' }]);
    audio.close();
    await expectHeardAsAWhole(path);
  });
});

test('the sizes of the pieces that are decoded change nothing', async () => {
  const audios = await Promise.all(
    ['picovoice_leopard_de.wav', 'google_brooklyn.flac'].map((file) => native.openAudio({ path: recordingPath(file) })),
  );
  try {
    for (const audio of audios) {
      const heard = (sampleCounts: readonly number[]) => hearInPieces({ network, model, audio, sampleCounts });
      const whole = await heard([]);
      expect(whole.speechProbabilities).toEqual(await readSpeechProbabilities({ network, audio }));
      const places = fc.array(fc.nat(audio.sampleCount), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(places, async (ends) => {
          expect(await heard(ends.toSorted((a, b) => a - b))).toEqual(whole);
        }),
        { numRuns: 20, examples: [[[1, 511, 512, 513, 16_384, 16_385]], [[81_920, 81_921, 82_040, 82_120]]] },
      );
    }
  } finally {
    for (const audio of audios) audio.close();
  }
});

test('a recording that is cancelled while it is decoded is not heard to its end', async () => {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, 'hours.wav');
    const dataBytes = 2 * 3600 * sampleRateHz * 2;
    // The rest is a hole in the file: two hours of silence, whose spectrum takes seconds.
    await writeFile(path, buildWavFile({ claimedBytes: dataBytes, data: Buffer.alloc(0) }));
    await truncate(path, 44 + dataBytes);
    const abort = new AbortController();
    const before = native.workProgress().steps;
    const opening = native.openAudio({ path, listeners: { voiceActivity: network, model }, signal: abort.signal });
    const outcome = expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
    while (native.workProgress().steps < before + 10) await new Promise(setImmediate);
    abort.abort();
    await outcome;
  });
});

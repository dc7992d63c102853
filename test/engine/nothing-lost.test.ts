import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeModel, NativeVoiceActivity } from '@hearth/native';
import { readSpeechProbabilities } from '@hearth/native/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import { pathOf } from './fork-engine.ts';
import { loadRememberingModel, multilingual, native } from './support/embedded-model.ts';
import { readableRecordings, recordingPath } from './support/recordings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { wavOf } from './support/wav-of.ts';
import { countWordEdits } from './support/word-errors.ts';

const said = 'And so my fellow Americans ask not what your country can do for you ask what you can do for your country';
const sampleRateHz = 16_000;
let model: NativeModel;
let voiceActivity: NativeVoiceActivity;
let folder: string;

beforeAll(async () => {
  model = await loadRememberingModel();
  voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  folder = await mkdtemp(join(tmpdir(), 'hearth-lost-'));
});

afterAll(async () => {
  voiceActivity.close();
  await model.close();
  await rm(folder, { recursive: true });
});

function transcribe(file: string, options: TranscriptionOptions = {}) {
  return transcribeRecording({ model, vocabulary: multilingual, file, options, voiceActivity });
}

function fault(name: string): string {
  return fileURLToPath(new URL(`../fixtures/faults/${name}`, import.meta.url));
}

const edits = (written: string, text = said) => countWordEdits({ said: text, written, language: 'en' });

test.each([[{}], [{ sequential: true }]])(
  'a text that is closed in the middle of what is said goes on, with %j',
  async (options) => {
    const { text, warnings } = await transcribe(fault('half-lost-single-timestamp.mp3'), {
      language: 'en',
      ...options,
    });
    expect(edits(text)).toMatchObject({ deletions: 0 });
    expect(edits(text).errors).toBeLessThanOrEqual(2);
    expect(warnings).toEqual([]);
  },
);

test('a sentence that the model skips is heard again, although the one behind it begins where it does', async () => {
  const { text, segments, warnings } = await transcribe(fault('skipped-digits.mp3'), { language: 'en' });
  expect(text).toMatch(/9\D*0\D*2\D*1\D*0\D*0\D*1\D*8\D*0\D*3\D*I believe that this nation/);
  const nation = segments.find((segment) => segment.text.includes('I believe'));
  expect(nation?.startSeconds).toBeGreaterThan(5);
  expect(warnings).toEqual([]);
});

test('what is said in another language is written in it where the first one finds no words', async () => {
  const { text } = await transcribe('fasterwhisper_multilingual.mp3');
  expect(text).toMatch(/^ Permission is hereby granted, free of charge/);
  expect(text).toMatch(/die Software zu verwenden.*zu verteilen/);
});

test('without timestamps nothing is lost between windows', async () => {
  const file = 'LJ001-long.mp3';
  const { text: whole = '' } = readableRecordings.find((each) => each.file === file) ?? {};
  const { text } = await transcribe(file, { language: 'en', withoutTimestamps: true });
  const { deletions, words } = edits(text, whole ?? '');
  expect(words).toBeGreaterThan(500);
  expect(deletions).toBeLessThan(words * 0.02);
});

describe('how loud a recording is does not matter', () => {
  let speech: Int16Array;

  beforeAll(async () => {
    const audio = await native.openAudio({ path: recordingPath('jfk.flac') });
    speech = audio.samples(0, audio.sampleCount);
    audio.close();
  });

  const at = (decibels: number) => 10 ** (decibels / 20);
  const changes: readonly [string, (sample: number, i: number) => number][] = [
    ['-50 dB', (sample) => sample * at(-50)],
    ['-60 dB', (sample) => sample * at(-60)],
    ['-40 dB on an offset', (sample) => sample * at(-40) + 0.3 * 32_768],
    ['-40 dB on an offset that comes later', (sample, i) => sample * at(-40) + (i > 80_000 ? 0.3 * 32_768 : 0)],
    ['-50 dB with a click', (sample, i) => (i === 40_000 ? 20_000 : sample * at(-50))],
  ];

  test.each(changes)('at %s somebody is heard throughout', async (_, change) => {
    const path = join(folder, 'quiet.wav');
    await writeFile(
      path,
      wavOf((i) => change(speech[i] as number, i), speech.length),
    );
    expect(await spokenShare(path)).toBeGreaterThan(0.5);
  });

  test('every word of a recording at -50 dB is written', async () => {
    const path = join(folder, 'quiet.wav');
    await writeFile(
      path,
      wavOf((i) => (speech[i] as number) * at(-50), speech.length),
    );
    expect(edits((await transcribe(path, { language: 'en' })).text).deletions).toBe(0);
  });

  const quietSounds: readonly [string, (i: number) => number, string[]][] = [
    ['the last bit of a silence', (i) => Math.imul(i, 2_654_435_761) & 1, ['no-speech']],
    ['faint noise', (i) => (Math.imul(i ^ (i >>> 3), 2_654_435_761) >> 26) * 0.9, ['no-speech', 'quiet-recording']],
    ['faint hum', (i) => 20 * Math.sin((2 * Math.PI * 50 * i) / sampleRateHz), ['no-speech', 'quiet-recording']],
  ];

  test.each(quietSounds)('%s is no speech, and says so', async (_, sample, codes) => {
    const path = join(folder, 'quiet.wav');
    await writeFile(path, wavOf(sample, 60 * sampleRateHz));
    const { text, warnings, languageProbabilities } = await transcribe(path);
    expect([text, languageProbabilities]).toEqual(['', null]);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
  });

  test('faint music is no speech', async () => {
    const audio = await native.openAudio({ path: recordingPath('music_prelude.ogg') });
    const music = audio.samples(0, audio.sampleCount);
    audio.close();
    const path = join(folder, 'quiet.wav');
    await writeFile(
      path,
      wavOf((i) => (music[i % music.length] as number) * at(-40), 60 * sampleRateHz),
    );
    expect(await transcribe(path)).toMatchObject({ text: '', segments: [] });
  });
});

/** Of the 32 ms of a recording that are speech. */
async function spokenShare(path: string): Promise<number> {
  const audio = await native.openAudio({ path });
  const probabilities = await readSpeechProbabilities({ network: voiceActivity, audio });
  audio.close();
  return probabilities.filter((probability) => probability >= 0.5).length / probabilities.length;
}

describe('a vowel', () => {
  const glossary = 'Hearth, Raycast, Ollama.';

  test.each<[TranscriptionOptions]>([
    [{ initialPrompt: glossary }],
    [{ hotwords: glossary }],
    [{ initialPrompt: glossary, vad: false }],
  ])('is not answered with the prompt, with %j', async (options) => {
    const { text } = await transcribe(fault('vowel-0.3s.wav'), { language: 'en', ...options });
    expect(text).not.toMatch(/Hearth|Raycast|Ollama/);
  });
});

describe('a silence', () => {
  test('is not answered with the prompt, though all of it is decoded', async () => {
    const options = { language: 'en', vad: false, initialPrompt: 'Hearth, Raycast, Ollama.' };
    const { text } = await transcribe('am_digital_silence.wav', options);
    expect(text).not.toMatch(/Hearth|Raycast|Ollama/);
  });
});

test.each<[string, TranscriptionOptions]>([
  ['prompt', { initialPrompt: 'word '.repeat(3000) }],
  ['hot words', { hotwords: 'word '.repeat(3000) }],
  [
    'prompt, hot words and the longest prefix',
    { initialPrompt: 'a '.repeat(3000), hotwords: 'b '.repeat(3000), prefix: 'And so' },
  ],
  [
    'carried prompt, with beams',
    { sequential: true, carryInitialPrompt: true, beamSize: 2, initialPrompt: 'word '.repeat(3000) },
  ],
])('an endless %s leaves room for what is said', async (_, options) => {
  const { text, segments, warnings } = await transcribe('jfk.flac', { language: 'en', ...options });
  expect(text).toMatch(/country can do for you/i);
  for (const { avgLogprob } of segments) expect(Number.isFinite(avgLogprob)).toBe(true);
  expect(warnings.map(({ code }) => code).every((code) => code.endsWith('-shortened'))).toBe(true);
  expect(warnings.length).toBeGreaterThan(0);
});

test('a prefix that leaves no room is refused, and the engine goes on', async () => {
  for (const count of [113, 450, 1500]) {
    await expect(transcribe('jfk.flac', { prefix: 'word '.repeat(count) })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  }
  expect((await transcribe('jfk.flac', { language: 'en' })).text).toMatch(/country can do for you/i);
});

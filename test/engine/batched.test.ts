import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NativeVoiceActivity } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pathOf } from './fork-engine.ts';
import { loadRememberingModel, multilingual, native } from './support/embedded-model.ts';
import { readableRecordings, recordingPath } from './support/recordings.ts';
import { referenceAnswers } from './support/reference-answers.ts';
import type { RememberingModel } from './support/remember-encodings.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { wavOf } from './support/wav-of.ts';
import { countWordErrors } from './support/word-errors.ts';

const batchSize = 12;
const sampleRateHz = 16_000;
const secondsPerWindow = 30;
/** A text on the edge between two words can fall to either side; of parity's recordings it is the same share. */
const slack = 0.01;
const figures: string[] = [];
let model: RememberingModel;
let voiceActivity: NativeVoiceActivity;
let folder: string;

beforeAll(async () => {
  model = await loadRememberingModel();
  voiceActivity = await native.loadVoiceActivity({ path: pathOf('assets/vad/silero_vad_16k.safetensors') });
  folder = await mkdtemp(join(tmpdir(), 'hearth-batched-'));
});

afterAll(async () => {
  process.stdout.write(`words wrong, batched and by openai/whisper:\n${figures.join('\n')}\n`);
  voiceActivity.close();
  model.close();
  await rm(folder, { recursive: true });
});

const longRecordings = readableRecordings.flatMap(({ file, text, seconds }) =>
  text && seconds !== null && seconds > 60 ? [{ file, said: text, seconds }] : [],
);

test.each(longRecordings)(
  'no more words of $file are wrong than openai/whisper writes wrong',
  async ({ file, said, seconds }) => {
    const shared = { model, vocabulary: multilingual, file, voiceActivity, options: { language: 'en' } };
    const before = model.windowsAsked;
    const batched = await transcribeRecording({ ...shared, batchSize });
    expect(model.windowsAsked - before).toBe(Math.ceil(seconds / secondsPerWindow));
    const errorsOf = (written: string) => countWordErrors({ said, written, language: 'en' });
    const { errors, words } = errorsOf(batched.text);
    const sequential = errorsOf(referenceText(file));
    figures.push(`${file}: ${errors} and ${sequential.errors} of ${words}`);
    expect(errors).toBeLessThanOrEqual(sequential.errors + Math.floor(slack * words));
    const starts = batched.segments.map(({ startSeconds }) => startSeconds);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(batched.segments.map(({ id }) => id)).toEqual(batched.segments.map((_, i) => i));
  },
);

/** English recordings of a sentence or two, each with words of its own: repeats would be cut as a loop. */
const sentences = readableRecordings.flatMap(({ file, text, seconds, language }) =>
  text && language === 'en' && (seconds ?? 0) < 20 && !text.includes('weather') && !text.includes('Brooklyn')
    ? [{ file, said: text }]
    : [],
);

/** What the tests of parity find that we write too, each recording by itself and without batches. */
function referenceText(file: string): string {
  const transcript = referenceAnswers[file]?.greedy;
  if (transcript === undefined) throw new Error(`Expected an answer of openai/whisper to ${file}, found none.`);
  return transcript.text;
}

/** Words of all sentences that are wrong when each is heard by itself. */
function countErrorsAlone(): number {
  const errorsOf = ({ file, said }: (typeof sentences)[number]) =>
    countWordErrors({ said, written: referenceText(file), language: 'en' }).errors;
  return sentences.reduce((sum, sentence) => sum + errorsOf(sentence), 0);
}

/** The recordings one after the other, with a quarter of a second between them, and where each one starts. */
async function splice(files: readonly string[], path: string): Promise<number[]> {
  const gap = new Int16Array(0.25 * sampleRateHz);
  const parts: Int16Array[] = [];
  const starts: number[] = [];
  let sampleCount = 0;
  for (const file of files) {
    const audio = await native.openAudio({ path: recordingPath(file) });
    starts.push(sampleCount / sampleRateHz);
    parts.push(audio.samples(0, audio.sampleCount), gap);
    sampleCount += audio.sampleCount + gap.length;
    audio.close();
  }
  const samples = new Int16Array(sampleCount);
  parts.reduce((offset, part) => {
    samples.set(part, offset);
    return offset + part.length;
  }, 0);
  await writeFile(
    path,
    wavOf((i) => samples[i] as number, sampleCount),
  );
  return starts;
}

test.each([
  ['in one order', sentences],
  ['in the other order', sentences.toReversed()],
])('sentences across the borders of windows are all there, %s', async (order, spliced) => {
  expect(spliced.length).toBeGreaterThan(9);
  const path = join(folder, 'spliced.wav');
  const starts = await splice(
    spliced.map(({ file }) => file),
    path,
  );
  const { text, segments } = await transcribeRecording({
    ...{ model, vocabulary: multilingual, file: path, voiceActivity, batchSize },
    options: { language: 'en', wordTimestamps: true },
  });
  const errorsAlone = countErrorsAlone();
  const said = spliced.map((sentence) => sentence.said).join(' ');
  const { errors, words } = countWordErrors({ said, written: text, language: 'en' });
  figures.push(`${spliced.length} sentences ${order}: ${errors} and ${errorsAlone} alone, of ${words}`);
  expect(errors).toBeLessThanOrEqual(errorsAlone + words * 0.02);

  // Each recording has a word that starts in its first two seconds.
  const wordStarts = segments.flatMap(({ words: timed }) => (timed ?? []).map(({ startSeconds }) => startSeconds));
  for (const start of starts) {
    expect(wordStarts.some((seconds) => seconds > start - 0.25 && seconds < start + 2)).toBe(true);
  }
});

test('recordings that come together are decoded together, each to its own text', async () => {
  const files = ['1688-142285-0000.flac', 'librispeech_1995-1837-0001.wav', 'jfk.flac'];
  const shared = { model, vocabulary: multilingual, options: { language: 'en' } };
  const stepsDuring = async (work: () => Promise<unknown>) => {
    const before = model.counters.decoderSteps;
    await work();
    return model.counters.decoderSteps - before;
  };
  const alone: string[] = [];
  const stepsAlone = await stepsDuring(async () => {
    for (const file of files) alone.push((await transcribeRecording({ ...shared, file })).text);
  });
  const together: string[] = [];
  const stepsTogether = await stepsDuring(async () => {
    const all = await Promise.all(files.map((file) => transcribeRecording({ ...shared, file })));
    together.push(...all.map(({ text }) => text));
  });
  figures.push(`${files.length} recordings: ${stepsTogether} decoder steps together, ${stepsAlone} one by one`);
  expect(together).toEqual(alone);
  // How many they share depends on when each has been read.
  expect(stepsTogether).toBeLessThan(stepsAlone);
});

import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadEmbeddedModel, multilingual } from './support/embedded-model.ts';
import { readableRecordings } from './support/recordings.ts';
import { referenceAnswers } from './support/reference-answers.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { countWordErrors } from './support/word-errors.ts';

/**
 * Recordings whose samples depend on a decoder and a resampler: our resampler cuts off elsewhere than ffmpeg's, and a
 * model on the edge between two words can fall to either side, so one word in a hundred may be worse than the reference.
 */
const slack = 0.01;
const clips = readableRecordings.flatMap(({ file, sameSamples, text }) => {
  const answers = referenceAnswers[file];
  const transcript = answers?.greedyWithoutWords ?? answers?.noCarry;
  return answers && transcript && text && !sameSamples
    ? [{ file, said: text, language: answers.language, transcript }]
    : [];
});
const figures: string[] = [];
let model: NativeModel;

beforeAll(async () => {
  model = await loadEmbeddedModel();
});

afterAll(async () => {
  process.stdout.write(`words wrong, ours and openai/whisper's:\n${figures.join('\n')}\n`);
  await model.close();
});

test.each(clips)('as few words of $file are wrong as with openai/whisper', async (clip) => {
  const isLong = referenceAnswers[clip.file]?.greedyWithoutWords === undefined;
  const { text } = await transcribeRecording({
    model,
    vocabulary: multilingual,
    file: clip.file,
    options: {
      language: clip.language,
      sequential: true,
      vad: false,
      temperature: [0],
      conditionOnPreviousText: !isLong,
    },
  });
  const ours = countWordErrors({ ...clip, written: text });
  const theirs = countWordErrors({ ...clip, written: clip.transcript.text });
  figures.push(`${clip.file}: ${ours.errors} and ${theirs.errors} of ${ours.words}`);
  expect(ours.errors).toBeLessThanOrEqual(theirs.errors + Math.floor(slack * ours.words));
});

test.each([
  ['It costs TEN dollars, doesn’t it?', 'it costs 10 dollars doesnt it', 'en', 0, 6],
  ['one two three', 'one too', 'en', 2, 3],
  ['今天天气怎么样？', '今天天氣怎么样', 'zh', 1, 7],
  ['', 'you', 'en', 1, 0],
])('of "%s", "%s" has the right count of errors', (said, written, language, errors, words) => {
  expect(countWordErrors({ said, written, language })).toEqual({ errors, words });
});

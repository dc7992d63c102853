import { expect, test } from '@jest/globals';
import { Value } from 'typebox/value';
import { toTranscript } from '../../../daemon/src/engine/to-transcript.ts';
import { TranscriptSchema } from '../../../daemon/src/protocol/transcript.ts';
import type { Transcript as DecodedTranscript } from '../../../daemon/src/whisper/transcript.ts';
import { noTimings } from '../../stand-ins/timings.ts';

const facts = {
  model: 'base',
  task: 'transcribe',
  timings: noTimings,
  recordingWarnings: ['The file is cut.'],
} as const;
const decoded: DecodedTranscript = {
  text: ' Hallo',
  language: 'de',
  languageProbabilities: [
    { language: 'de', probability: 0.9 },
    { language: 'en', probability: 0.1 },
  ],
  durationSeconds: 2,
  segments: [
    {
      id: 0,
      seek: 0,
      startSeconds: 0.5,
      endSeconds: 1.5,
      text: ' Hallo',
      tokens: [1],
      temperature: 0,
      avgLogprob: -0.2,
      compressionRatio: 1.1,
      noSpeechProb: 0.01,
      language: 'de',
      words: [{ word: ' Hallo', startSeconds: 0.5, endSeconds: 1.5, probability: 0.8 }],
    },
  ],
  warnings: [{ code: 'quiet-recording', message: 'The recording is quiet.' }],
};

test('a decoded text is what the schema of a transcript says, under its names', () => {
  const transcript = toTranscript(decoded, facts);
  expect(Value.Check(TranscriptSchema, transcript)).toBe(true);
  expect(transcript).toMatchObject({
    duration: 2,
    language_probability: 0.9,
    language_probabilities: { de: 0.9, en: 0.1 },
    warnings: ['The file is cut.', 'The recording is quiet.'],
    warning_codes: ['quiet-recording'],
    segments: [
      {
        start: 0.5,
        end: 1.5,
        avg_logprob: -0.2,
        compression_ratio: 1.1,
        no_speech_prob: 0.01,
        language: 'de',
        words: [{ word: ' Hallo', start: 0.5, end: 1.5, probability: 0.8 }],
      },
    ],
  });
});

test('a language that was given has no probability, and one that is guessed has none to speak of', () => {
  const given = { ...decoded, languageProbabilities: null };
  expect(toTranscript(given, facts)).toMatchObject({ language_probability: null, language_probabilities: null });
  expect(toTranscript({ ...given, isLanguageGuessed: true }, facts).language_probability).toBe(0);
});

import type { NativeModel, NativeSession } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { detectLanguage } from '../../daemon/src/whisper/detect-language.ts';
import { encodeWindow, loadEmbeddedModel, multilingual, sessionOf } from './support/embedded-model.ts';
import { readableRecordings } from './support/recordings.ts';
import { referenceAnswers } from './support/reference-answers.ts';

const clips = readableRecordings.flatMap(({ file, language, seconds }) => {
  const probabilities = referenceAnswers[file]?.languageProbabilities;
  return probabilities && language && seconds ? [{ file, frames: Math.floor(seconds * 100), probabilities }] : [];
});
let model: NativeModel;
let session: NativeSession;

beforeAll(async () => {
  model = await loadEmbeddedModel();
  session = sessionOf(model);
});

afterAll(() => {
  session.close();
  model.close();
});

/**
 * openai/whisper detects from the silence after a short recording too, and encodes twice for it. We use the window that
 * is decoded anyway: other probabilities, which must lead to the same language.
 */
test.each(clips)(
  'the language of $file is the one that openai/whisper detects',
  async ({ file, frames, probabilities }) => {
    const encoding = await encodeWindow(model, { file, frameCount: Math.min(frames, 3000) });
    const [{ language }] = await detectLanguage(session, encoding, { vocabulary: multilingual });
    encoding.close();
    expect(language).toBe(Object.keys(probabilities)[0]);
  },
);

/** The same frames that openai/whisper detects from: its probabilities. */
test.each(clips)('the silence after $file included, the probabilities are those of openai/whisper', async (clip) => {
  const encoding = await encodeWindow(model, { file: clip.file, frameCount: 3000 });
  const found = await detectLanguage(session, encoding, { vocabulary: multilingual });
  encoding.close();
  for (const [language, probability] of Object.entries(clip.probabilities)) {
    expect(found.find((each) => each.language === language)?.probability).toBeCloseTo(probability, 2);
  }
});

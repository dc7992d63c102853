import type { NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { detectLanguage } from '../../../daemon/src/whisper/detect-language.ts';
import { countSoundFrames, encodeWindow, multilingual, sessionOf } from '../support/embedded-model.ts';
import type { Recording } from '../support/recordings.ts';
import { referenceAnswers } from '../support/reference-answers.ts';

/**
 * openai/whisper detects from the silence after a short recording too, and encodes twice for it. We use the window that
 * is decoded anyway: other probabilities, which must lead to the same language.
 */
export function testLanguages({ file, language, seconds, sameSamples }: Recording, modelOf: () => NativeModel): void {
  const probabilities = referenceAnswers[file]?.languageProbabilities;
  if (!(probabilities && language && seconds)) return;

  test('its language is the one that openai/whisper detects', async () => {
    const session = sessionOf(modelOf());
    // As the policy counts, so that the runs below find this window encoded.
    const encoding = await encodeWindow(modelOf(), { file, frameCount: await countSoundFrames(file) });
    const [found] = await detectLanguage(session, encoding, { vocabulary: multilingual });
    encoding.close();
    session.close();
    expect(found.language).toBe(Object.keys(probabilities)[0]);
  });

  // Other samples have other probabilities.
  if (!sameSamples) return;

  /** The same frames that openai/whisper detects from: its probabilities. */
  test('the silence after it included, the probabilities of languages are those of openai/whisper', async () => {
    const session = sessionOf(modelOf());
    const encoding = await encodeWindow(modelOf(), { file, frameCount: 3000 });
    const found = await detectLanguage(session, encoding, { vocabulary: multilingual });
    encoding.close();
    session.close();
    for (const [each, probability] of Object.entries(probabilities)) {
      expect(found.find((one) => one.language === each)?.probability).toBeCloseTo(probability, 2);
    }
  });
}

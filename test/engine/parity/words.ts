import type { NativeModel } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { multilingual } from '../support/embedded-model.ts';
import type { Recording } from '../support/recordings.ts';
import { referenceAnswers } from '../support/reference-answers.ts';
import { transcribeRecording } from '../support/transcribe-recording.ts';
import { countWordErrors } from '../support/word-errors.ts';

/**
 * Recordings whose samples depend on a decoder and a resampler: our resampler cuts off elsewhere than ffmpeg's, and a
 * model on the edge between two words can fall to either side, so one word in a hundred may be worse than the reference.
 */
const slack = 0.01;
const figures: string[] = [];

/** No more words are wrong than with openai/whisper, of a recording that is not the same samples there. */
export function testWords({ file, sameSamples, text: said }: Recording, modelOf: () => NativeModel): void {
  const answers = referenceAnswers[file];
  const transcript = answers?.greedyWithoutWords ?? answers?.noCarry;
  if (!(answers && transcript && said) || sameSamples) return;
  const isLong = answers.greedyWithoutWords === undefined;

  test('as few of its words are wrong as with openai/whisper', async () => {
    const { text } = await transcribeRecording({
      model: modelOf(),
      vocabulary: multilingual,
      file,
      options: {
        language: answers.language,
        sequential: true,
        vad: false,
        temperature: [0],
        conditionOnPreviousText: !isLong,
      },
    });
    const judge = (written: string) => countWordErrors({ said, written, language: answers.language });
    const ours = judge(text);
    const theirs = judge(transcript.text);
    figures.push(`${file}: ${ours.errors} and ${theirs.errors} of ${ours.words}`);
    expect(ours.errors).toBeLessThanOrEqual(theirs.errors + Math.floor(slack * ours.words));
  });
}

export function describeWords(): string {
  return `words wrong, ours and openai/whisper's:\n${figures.join('\n')}\n`;
}

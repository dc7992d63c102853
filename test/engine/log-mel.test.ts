import type { NativeMel, NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadEmbeddedModel, native } from './support/embedded-model.ts';
import { recordingPath } from './support/recordings.ts';
import { largestDifference } from './support/relative-error.ts';
import { everyColumn, oracleTensor, stageOracle } from './support/stage-oracle.ts';

const framesPerWindow = 3000;
let model: NativeModel;

beforeAll(async () => {
  model = await loadEmbeddedModel();
});

afterAll(() => model.close());

test.each(stageOracle.mel)("log-mel of $file from frame $startFrame is OpenAI's", async (window) => {
  const mel = await logMel(window);
  const sampled = everyColumn(mel.read(), framesPerWindow, stageOracle.melFrameStride);
  const difference = largestDifference(sampled, oracleTensor(window.tensor));
  process.stdout.write(`${window.file} from ${window.startFrame}: largest difference ${difference.toExponential(1)}\n`);
  expect(difference).toBeLessThan(1e-4);
});

test('a window past the end of its sound is zeros, not silence', async () => {
  const mel = await logMel({ file: 'google_brooklyn.flac', startFrame: 0, frameCount: 150 });
  const values = mel.read();
  const after = values.filter((_, i) => i % framesPerWindow >= 150);
  expect(mel.contentFrames).toBe(150);
  expect(after.every((value) => value === 0)).toBe(true);
});

test('a window that starts in the middle holds the same frames as one from the start', async () => {
  const whole = (await logMel({ file: 'librispeech-1688-joined.flac', startFrame: 0, frameCount: 3000 })).read();
  const later = (await logMel({ file: 'librispeech-1688-joined.flac', startFrame: 1234, frameCount: 500 })).read();
  const binsOf = (values: Float32Array, first: number) =>
    values.filter((_, i) => i % framesPerWindow >= first && i % framesPerWindow < first + 500);
  expect(largestDifference(binsOf(later, 0), binsOf(whole, 1234))).toBeLessThan(1e-5);
});

async function logMel(window: { file: string; startFrame: number; frameCount: number }): Promise<NativeMel> {
  const audio = await native.openAudio({ path: recordingPath(window.file) });
  return model.logMel({ audio, startFrame: window.startFrame, frameCount: window.frameCount });
}

import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeWindows, loadEmbeddedModel, multilingual, native } from './support/embedded-model.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';

/** From one second to two windows, from silence to speech. */
const files = [
  'pocketsphinx_cards_001.wav',
  'fasterwhisper_multilingual.mp3',
  'silence_30s.flac',
  'picovoice_leopard_ja.wav',
];
const rounds = 3;
const growthAllowed = 1.05;
let model: NativeModel;

beforeAll(async () => {
  model = await loadEmbeddedModel();
});

afterAll(() => model.close());

test('12 requests of mixed length give back all the memory of the model that they took', async () => {
  await transcribeAll();
  const first = native.memory();
  for (let round = 1; round < rounds; round += 1) await transcribeAll();
  const last = native.memory();
  expect(last.activeBytes).toBe(first.activeBytes);
  expect(last.peakBytes).toBeLessThanOrEqual(first.peakBytes * growthAllowed);
});

async function transcribeAll(): Promise<void> {
  for (const file of files) {
    await transcribeRecording({ model, vocabulary: multilingual, file, options: { temperature: [0] } });
    await native.clearCache();
  }
}

test('a closed model leaves nothing behind', async () => {
  const before = native.memory().activeBytes;
  const another = await loadEmbeddedModel();
  expect(native.memory().activeBytes).toBeGreaterThan(before);
  another.close();
  // Handles are freed on the engine's thread, in the order of the calls.
  await native.clearCache();
  expect(native.memory().activeBytes).toBe(before);
});

test('where MLX computes, an encoded window keeps what the encoder found, and no keys and values', async () => {
  const small = createSmallModel({ melBins: 80, vocabularySize: 51865, seed: 5 });
  const mlx = await loadSmallModel(
    small,
    { layout: 'mlx-whisper', weightsFile: 'model.safetensors', storage: { bits: 4, groupSize: 64 } },
    { operations: 'mlx' },
  );
  const before = native.memory().activeBytes;
  const window = { file: 'jfk.flac', frameCount: 1100 };
  const encodings = await encodeWindows(mlx, [window, window, window]);
  // What the pass took is freed on the engine's thread after it has answered, and before this.
  await native.clearCache();
  const { audioContext, audioState } = mlx.dimensions;
  const found = 3 * audioContext * audioState * Float32Array.BYTES_PER_ELEMENT;
  expect(native.memory().activeBytes - before).toBeLessThan(1.1 * found);
  for (const encoding of encodings) encoding.close();
  mlx.close();
});

import type { NativeModel } from '@hearth/native';
import { readFeatures, readLogits } from '@hearth/native/testing';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeWindow, native, readMelWindow, sessionOf } from './support/embedded-model.ts';
import type { ModelFolderForm } from './support/model-folder.ts';
import { decodePlainly, encodePlainly, type Matrix } from './support/plain-whisper.ts';
import { relativeError } from './support/relative-error.ts';
import { createSmallModel, type SmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';
import { transcribeRecording } from './support/transcribe-recording.ts';
import { readVocabulary } from './support/vocabulary.ts';

/** In the shortest window: a plain Whisper is slow, and so are MLX's operations on a CPU. */
const clip = { file: 'google_brooklyn.flac', startFrame: 0, frameCount: 181, windowFrames: 1200 };
const tolerance = 2e-3;
const decodedTokens = 6;

const forms: readonly ModelFolderForm[] = [
  { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'weights.safetensors' },
  { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'weights.npz' },
  { layout: 'mlx-whisper', storage: { bits: 4, groupSize: 64 }, weightsFile: 'model.safetensors' },
  { layout: 'mlx-whisper', storage: { bits: 4, groupSize: 64 }, weightsFile: 'weights.npz' },
  { layout: 'asr', storage: { bits: 4, groupSize: 32 }, weightsFile: 'model.safetensors' },
  // For layers of one group, which no Whisper has, MLX takes another kernel on an NVIDIA GPU of the Hopper kind. It wants a
  // compiler's headers, and with them its answers were wrong.
  ...(native.info().gpuAvailable && process.platform === 'linux'
    ? []
    : [{ layout: 'asr', storage: { bits: 4, groupSize: 128 }, weightsFile: 'model.safetensors' } as const]),
  { layout: 'asr', storage: { bits: 8, groupSize: 64 }, weightsFile: 'model.safetensors' },
  { layout: 'asr', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' },
  { layout: 'hugging-face', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' },
  { layout: 'hugging-face', storage: { dtype: 'F32' }, weightsFile: 'model.safetensors' },
];
const quantized: ModelFolderForm = {
  layout: 'mlx-whisper',
  storage: { bits: 4, groupSize: 64 },
  weightsFile: 'model.safetensors',
};

const shapes = [
  { title: 'an English-only model', vocabularyName: 'gpt2', melBins: 80, vocabularySize: 51864, language: 'en' },
  {
    title: 'a model of the third version',
    vocabularyName: 'multilingual',
    melBins: 128,
    vocabularySize: 51866,
    language: 'yue',
  },
] as const;

let engine: NativeModel | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

describe.each(shapes)('$title', ({ title, vocabularyName, melBins, vocabularySize, language }) => {
  const vocabulary = readVocabulary(vocabularyName, vocabularySize);
  const prompt = [vocabulary.special.startOfTranscript, vocabulary.special.noTimestamps];
  const model = createSmallModel({ melBins, vocabularySize, seed: vocabularySize });
  let features: Matrix;
  let tokens: readonly number[];
  let logits: Matrix;

  beforeAll(async () => {
    const loaded = await loadSmallModel(model, quantized);
    features = encodePlainly(model, await readMelWindow(loaded, clip));
    ({ tokens, logits } = decodeGreedily(model, features, prompt));
    await loaded.close();
  });

  test.each(forms)('as $layout, $storage in $weightsFile agrees with a plain float64 Whisper', async (form) => {
    engine = await loadSmallModel(model, form);
    expect(engine.dimensions).toEqual(model.dimensions);
    expect(engine.quantization).toEqual('bits' in form.storage ? form.storage : null);
    await expectPlainResults(engine, `${form.layout}, ${JSON.stringify(form.storage)}, ${form.weightsFile}`);
  });

  test("agrees with a plain float64 Whisper in MLX's own operations", async () => {
    engine = await loadSmallModel(model, quantized, { operations: 'mlx' });
    await expectPlainResults(engine, 'MLX operations');
  });

  test("says only tokens that the product's policy allows", async () => {
    engine = await loadSmallModel(model, quantized);
    const transcript = await transcribeRecording({
      model: engine,
      vocabulary,
      file: clip.file,
      options: { language, temperature: [0], noSpeechThreshold: 1 },
    });
    const said = transcript.segments.flatMap((segment) => segment.tokens);
    const { endOfText, timestampBegin } = vocabulary.special;
    expect(transcript.language).toBe(language);
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((token) => token >= vocabularySize)).toEqual([]);
    expect(said.filter((token) => token === endOfText || token === timestampBegin - 1)).toEqual([]);
  });

  async function expectPlainResults(loaded: NativeModel, form: string): Promise<void> {
    const encoding = await encodeWindow(loaded, clip);
    const featureError = relativeError(await readFeatures(encoding), features.values);
    const actual = await readLogits({ model: loaded, encoding, tokens: [...prompt, ...tokens] });
    const logitError = relativeError(actual, logits.values);
    const session = sessionOf(loaded);
    const [decoded] = await session.decode({
      encoding,
      prompt,
      sotIndex: 0,
      samples: [{ temperature: 0, seed: 0 }],
      filters: { suppressAtBegin: [], suppress: [], timestampRules: null },
      endOfText: vocabulary.special.endOfText,
      noSpeech: vocabulary.special.noSpeech,
      maxTokens: decodedTokens,
    });
    session.close();
    encoding.close();
    const figures = `encoder ${featureError.toExponential(1)}, logits ${logitError.toExponential(1)}`;
    process.stdout.write(`${title}, ${form}: ${figures}\n`);
    expect(featureError).toBeLessThan(tolerance);
    expect(logitError).toBeLessThan(tolerance);
    expect(decoded?.tokens).toEqual(tokens);
  }
});

function decodeGreedily(model: SmallModel, features: Matrix, prompt: readonly number[]) {
  const tokens: number[] = [];
  for (;;) {
    const logits = decodePlainly(model, features, [...prompt, ...tokens]);
    if (tokens.length === decodedTokens) return { tokens, logits };
    const last = logits.values.subarray(-logits.columns);
    tokens.push(last.reduce((best, value, token) => (value > (last[best] as number) ? token : best), 0));
  }
}

import type { NativeModel } from '@hearth/native';
import { afterEach, expect, test } from '@jest/globals';
import { resolveOptions } from '../../daemon/src/protocol/options/resolve-options.ts';
import { logitFilters } from '../../daemon/src/whisper/decoding/logit-filters.ts';
import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { multilingual } from './support/embedded-model.ts';
import type { ModelFolderForm } from './support/model-folder.ts';
import { createSmallModel } from './support/small-model.ts';
import { loadSmallModel } from './support/small-model-engine.ts';

const small = createSmallModel({ melBins: 80, vocabularySize: 51865, seed: 3 });
const form: ModelFolderForm = { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors' };
/** Steps of a decode of 4 tokens: one reads the prompt, three add a token. */
const stepsOfDecode = 4;
const shortWindows = [1200, 2800];

let engine: NativeModel | undefined;

afterEach(() => {
  engine?.close();
  engine = undefined;
});

async function load(operations: 'cpu' | 'mlx'): Promise<NativeModel> {
  engine = await loadSmallModel(small, form, { operations });
  return engine;
}

function warmUp(model: NativeModel, request: Pick<Parameters<NativeModel['warmUp']>[0], 'batchSize' | 'signal'>) {
  const progress: { readonly done: number; readonly total: number }[] = [];
  const tokenizer = createTokenizer(multilingual, { language: 'en', task: 'transcribe' });
  const ended = model.warmUp({
    ...request,
    filters: logitFilters(tokenizer, resolveOptions({})),
    endOfText: multilingual.special.endOfText,
    shortWindows,
    onProgress: (each) => progress.push(each),
  });
  return { ended, progress };
}

test('a warm-up on a CPU is done at once, as nothing has to be compiled', async () => {
  const model = await load('cpu');
  const { ended, progress } = warmUp(model, { batchSize: 1 });
  await ended;
  expect(progress).toEqual([{ done: 1, total: 1 }]);
  expect(model.counters).toMatchObject({ encodedWindows: 0, decoderSteps: 0 });
});

test('a warm-up of what MLX computes meets every batch, longer prompts, short windows, and a batch of unequal prompts that shrinks', async () => {
  const model = await load('mlx');
  const { ended, progress } = warmUp(model, { batchSize: 2 });
  await ended;
  const longerPrompts = 10;
  const total = 2 + 2 * 2 + longerPrompts + shortWindows.length + 1;
  expect(progress).toEqual(Array.from({ length: total }, (_, i) => ({ done: i + 1, total })));
  expect(model.counters.encodedWindows).toBe(1 + 2 + shortWindows.length);
  // A short window is decoded by itself and beside a full one. The batch that shrinks reads two prompts and adds five tokens.
  expect(model.counters.decoderSteps).toBe((2 * 2 + longerPrompts + 2 * shortWindows.length) * stepsOfDecode + 2 + 5);
});

test('a warm-up that is cancelled ends', async () => {
  const model = await load('cpu');
  await expect(warmUp(model, { batchSize: 1, signal: AbortSignal.abort() }).ended).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

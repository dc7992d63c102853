import type { Native, NativeModel } from '@hearth/native';
import { batchSizeOf } from '../models/batch-size.ts';
import type { WantedComputation } from '../models/computation-here.ts';
import { readVocabulary } from '../models/embedded-assets.ts';
import { modelNameOf } from '../models/hub-cache.ts';
import { memoryNeed } from '../models/memory-need.ts';
import { resolveOptions } from '../protocol/options/resolve-options.ts';
import type { LoadedModel } from '../protocol/residency.ts';
import { logitFilters } from '../whisper/decoding/logit-filters.ts';
import { shortWindowLengths } from '../whisper/short-windows/short-window-frames.ts';
import { createTokenizer } from '../whisper/tokenizer/tokenizer.ts';
import { createVocabulary, type Vocabulary } from '../whisper/tokenizer/vocabulary.ts';
import { explainChoices } from './explain-choices.ts';
import { formOf, type RememberedComputations } from './remembered-computations.ts';

export interface WarmModel {
  readonly description: LoadedModel;
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
}

export interface LoadResidentModelRequest {
  readonly native: Native;
  readonly folder: string;
  /** Guesses for models that are larger. */
  readonly draftFolder: string | null;
  readonly wanted: WantedComputation;
  readonly computations: RememberedComputations;
  /** From 0 to 1. */
  readonly onProgress: (progress: number) => void;
}

/** Loads a model and warms it up. @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `DRAFT_MODEL_MISMATCH` */
export async function loadResidentModel(request: LoadResidentModelRequest): Promise<WarmModel> {
  const { native, folder, draftFolder, wanted, computations, onProgress } = request;
  const { preset, arithmetic } = wanted;
  const startedAt = performance.now();
  const model = await native.loadModel({
    ...{ folder, draftFolder, saveMemory: preset === 'lowMemory', arithmetic },
    ...computations.measuredIn(wanted),
  });
  try {
    const trials = computations.remember(model);
    if (model.draft !== null) computations.remember(model.draft);
    const { vocabularySize } = model.dimensions;
    const vocabulary = createVocabulary(await readVocabulary(folder, vocabularySize), vocabularySize);
    const loadedAt = performance.now();
    onProgress(0.5);
    const batchSize = batchSizeOf(preset, model);
    await model.warmUp({
      ...{ batchSize, endOfText: vocabulary.special.endOfText },
      filters: logitFilters(createTokenizer(vocabulary, { language: 'en', task: 'transcribe' }), resolveOptions({})),
      shortWindows: shortWindowLengths,
      onProgress: ({ done, total }) => onProgress(0.5 + done / total / 2),
    });
    const description = describe(model, request, {
      trials,
      batchSize,
      loadSeconds: (loadedAt - startedAt) / 1000,
      warmUpSeconds: (performance.now() - loadedAt) / 1000,
    });
    return { description, model, vocabulary };
  } catch (error) {
    model.close();
    throw error;
  }
}

function describe(
  model: NativeModel,
  { folder, wanted }: Pick<LoadResidentModelRequest, 'folder' | 'wanted'>,
  measured: Pick<LoadedModel, 'batchSize' | 'trials' | 'loadSeconds' | 'warmUpSeconds'>,
): LoadedModel {
  const { device, operations, arithmetic, weightBytes, computation, dimensions, quantization } = model;
  const { batchSize, trials, loadSeconds, warmUpSeconds } = measured;
  const computed = { device, arithmetic, batchSize, ...computation };
  const quantizationBits = quantization?.bits ?? null;
  const { form } = formOf(model);
  const draft = model.draft && { ...formOf(model.draft), ...model.draft.computation };
  const need = memoryNeed(dimensions, form, { ...computed, draft });
  return {
    name: modelNameOf(folder),
    folder,
    operations,
    quantizationBits,
    weightBytes,
    draft: model.draft && {
      name: modelNameOf(model.draft.folder),
      folder: model.draft.folder,
      weightBytes: model.draft.weightBytes,
    },
    ...computed,
    neededBytes: need.totalBytes,
    heldBytes: Math.round(need.weightBytes),
    deviceMemoryBytes: wanted.machine.memoryBytes,
    choices: [
      ...explainChoices(
        { ...computed, trials, encoderBits: quantization?.encoderBits ?? quantizationBits },
        wanted.preset,
      ),
    ],
    trials: [...trials],
    loadSeconds,
    warmUpSeconds,
  };
}

import { readFile } from 'node:fs/promises';
import type { Native, NativeModel } from '@hearth/native';
import { batchSizeOf } from '../models/batch-size.ts';
import { vocabularyFile } from '../models/embedded-assets.ts';
import { modelNameOf } from '../models/hub-cache.ts';
import { memoryNeed } from '../models/memory-need.ts';
import type { Machine } from '../models/recommend-models.ts';
import type { DecodingPreset, EngineEvent } from '../protocol/engine-messages.ts';
import { resolveOptions } from '../protocol/options/resolve-options.ts';
import type { Arithmetic, LoadedModel } from '../protocol/residency.ts';
import { logitFilters } from '../whisper/decoding/logit-filters.ts';
import { shortWindowLengths } from '../whisper/short-windows/short-window-frames.ts';
import { createTokenizer } from '../whisper/tokenizer/tokenizer.ts';
import { createVocabulary, type Vocabulary } from '../whisper/tokenizer/vocabulary.ts';
import { explainChoices } from './explain-choices.ts';
import { machineOf } from './machine-of.ts';
import { requireMemory } from './require-memory.ts';

interface ResidentModel {
  readonly description: LoadedModel;
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
}

/** A resident model that stays until it is released. */
export interface ModelLease extends ResidentModel {
  release(): Promise<void>;
}

export interface ModelResidency {
  /**
   * The model of a folder, loaded and warm. The one before it goes as soon as nobody uses it, and comes back when this
   * one cannot be loaded.
   * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_TOO_LARGE`, `DRAFT_MODEL_MISMATCH`
   */
  use(folder: string): Promise<ModelLease>;
}

export interface ModelResidencyRequest {
  readonly native: Native;
  readonly preset: DecodingPreset;
  /** Guesses for models that are larger. */
  readonly draftFolder: string | null;
  readonly arithmetic: Arithmetic;
  readonly send: (event: EngineEvent) => void;
}

/** Weights that are not quantised have 16 bits but for a few files. */
const halves = { bits: 16, groupSize: 1 };

interface Entry {
  readonly resident: ResidentModel;
  leases: number;
}

/**
 * Keeps the model that was used last. Another one is in memory beside it only while a job that let an interactive one
 * pass still needs it.
 */
export function createModelResidency(request: ModelResidencyRequest): ModelResidency {
  const { native, preset, draftFolder, arithmetic, send } = request;
  const entries = new Map<string, Entry>();
  let current: string | null = null;
  let hasBeenReady = false;
  let lastChange: Promise<unknown> = Promise.resolve();

  async function lend(folder: string): Promise<ModelLease> {
    const entry = await switchTo(folder);
    entry.leases += 1;
    return { ...entry.resident, release: () => release(entry) };
  }

  async function switchTo(folder: string): Promise<Entry> {
    const previous = current;
    current = folder;
    await closeUnused();
    try {
      const entry = entries.get(folder) ?? (await load(folder));
      hasBeenReady = true;
      if (previous !== folder) send({ type: 'model-ready', model: entry.resident.description });
      return entry;
    } catch (error) {
      current = null;
      // An engine whose first model fails says so itself, and ends.
      if (hasBeenReady) send({ type: 'model-unloaded' });
      if (previous !== null) void inTurn(() => bringBack(previous)).catch(() => undefined);
      throw error;
    }
  }

  /** The model that made way for one that cannot be loaded: most jobs go on to use it. */
  async function bringBack(folder: string): Promise<void> {
    if (current === null) await switchTo(folder);
  }

  function release(entry: Entry): Promise<void> {
    entry.leases -= 1;
    return inTurn(closeUnused);
  }

  async function closeUnused(): Promise<void> {
    for (const [folder, { leases, resident }] of entries) {
      if (folder === current || leases > 0) continue;
      entries.delete(folder);
      resident.model.close();
    }
  }

  async function load(folder: string): Promise<Entry> {
    const report = (progress: number) => send({ type: 'model-loading', modelFolder: folder, progress });
    report(0);
    const startedAt = performance.now();
    const machine = machineOf(native);
    await requireMemory(folder, { machine, preset, arithmetic });
    const model = await native.loadModel({
      folder,
      draftFolder,
      saveMemory: preset === 'lowMemory',
      arithmetic,
    });
    try {
      const { vocabularySize } = model.dimensions;
      const vocabulary = createVocabulary(await readFile(await vocabularyFile(folder, vocabularySize)), vocabularySize);
      const loadedAt = performance.now();
      report(0.5);
      const batchSize = batchSizeOf(preset, model);
      await model.warmUp({
        ...{ batchSize, endOfText: vocabulary.special.endOfText },
        filters: logitFilters(createTokenizer(vocabulary, { language: 'en', task: 'transcribe' }), resolveOptions({})),
        shortWindows: shortWindowLengths,
        onProgress: ({ done, total }) => report(0.5 + done / total / 2),
      });
      const description = describe(model, folder, {
        ...{ preset, machine, batchSize },
        loadSeconds: (loadedAt - startedAt) / 1000,
        warmUpSeconds: (performance.now() - loadedAt) / 1000,
      });
      const entry = {
        resident: { description, model, vocabulary },
        leases: 0,
      };
      entries.set(folder, entry);
      return entry;
    } catch (error) {
      model.close();
      throw error;
    }
  }

  /** One change at a time, so that two never load at once. */
  function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = lastChange.then(change);
    lastChange = result.catch(() => undefined);
    return result;
  }

  return { use: (folder) => inTurn(() => lend(folder)) };
}

function describe(
  model: NativeModel,
  folder: string,
  loaded: Pick<LoadedModel, 'batchSize' | 'loadSeconds' | 'warmUpSeconds'> & {
    readonly machine: Machine;
    readonly preset: DecodingPreset;
  },
): LoadedModel {
  const { device, operations, denseEncoder, arithmetic, weightBytes, encoderBatch, dimensions, quantization } = model;
  const { batchSize, loadSeconds, warmUpSeconds, machine, preset } = loaded;
  const computed = { device, arithmetic, denseEncoder, batchSize, encoderBatch };
  const quantizationBits = quantization?.bits ?? null;
  return {
    name: modelNameOf(folder),
    folder,
    operations,
    quantizationBits,
    weightBytes,
    draft: model.draft && { name: modelNameOf(model.draft.folder), ...model.draft },
    ...computed,
    neededBytes: memoryNeed(dimensions, quantization ?? halves, computed).totalBytes,
    deviceMemoryBytes: machine.memoryBytes,
    choices: [...explainChoices({ ...computed, quantizationBits }, preset)],
    loadSeconds,
    warmUpSeconds,
  };
}

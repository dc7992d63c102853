import { readFile } from 'node:fs/promises';
import type { Native, NativeModel } from '@hearth/native';
import { vocabularyFile } from '../models/embedded-assets.ts';
import { modelNameOf } from '../models/hub-cache.ts';
import type { DecodingPreset, EngineEvent } from '../protocol/engine-messages.ts';
import { resolveOptions } from '../protocol/options/resolve-options.ts';
import type { Arithmetic, LoadedModel } from '../protocol/residency.ts';
import { logitFilters } from '../whisper/decoding/logit-filters.ts';
import { shortWindowLengths } from '../whisper/short-windows/short-window-frames.ts';
import { createTokenizer } from '../whisper/tokenizer/tokenizer.ts';
import { createVocabulary, type Vocabulary } from '../whisper/tokenizer/vocabulary.ts';
import { batchSizeOf } from './batch-size.ts';

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
   * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`
   */
  use(folder: string): Promise<ModelLease>;
}

export interface ModelResidencyRequest {
  readonly native: Native;
  readonly preset: DecodingPreset;
  readonly arithmetic: Arithmetic;
  readonly send: (event: EngineEvent) => void;
}

interface Entry {
  readonly resident: ResidentModel;
  leases: number;
}

/**
 * Keeps the model that was used last. Another one is in memory beside it only while a job that let an interactive one
 * pass still needs it.
 */
export function createModelResidency(request: ModelResidencyRequest): ModelResidency {
  const { native, preset, arithmetic, send } = request;
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
    const model = await native.loadModel({
      folder,
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
        batchSize,
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
  figures: Pick<LoadedModel, 'batchSize' | 'loadSeconds' | 'warmUpSeconds'>,
): LoadedModel {
  return {
    name: modelNameOf(folder),
    folder,
    device: model.device,
    operations: model.operations,
    quantizationBits: model.quantization?.bits ?? null,
    denseEncoder: model.denseEncoder,
    arithmetic: model.arithmetic,
    weightBytes: model.weightBytes,
    ...figures,
  };
}

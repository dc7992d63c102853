import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Native, NativeModel } from '@hearth/native';
import type { EngineEvent, LoadedModel } from '../messages/engine-messages.ts';
import { vocabularyFile } from '../models/vocabulary-file.ts';
import { createVocabulary, type Vocabulary } from '../whisper/tokenizer/vocabulary.ts';

export interface ResidentModel {
  readonly description: LoadedModel;
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
}

export interface ModelResidency {
  /**
   * The model of a folder, loaded and warm; it takes the place of the one before.
   * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`
   */
  use(folder: string): Promise<ResidentModel>;
}

export interface ModelResidencyRequest {
  readonly native: Native;
  /** CPU threads; null for one per core. */
  readonly threads: number | null;
  readonly send: (event: EngineEvent) => void;
}

/** Keeps one model in memory at a time. */
export function createModelResidency({ native, threads, send }: ModelResidencyRequest): ModelResidency {
  let resident: ResidentModel | null = null;
  let lastUse: Promise<unknown> = Promise.resolve();

  async function switchTo(folder: string): Promise<ResidentModel> {
    if (resident?.description.folder === folder) return resident;
    await unload();
    resident = await load(folder);
    send({ type: 'engine-ready', model: resident.description });
    return resident;
  }

  async function unload(): Promise<void> {
    const previous = resident;
    resident = null;
    await previous?.model.close();
  }

  async function load(folder: string): Promise<ResidentModel> {
    const report = (progress: number) => send({ type: 'model-loading', modelFolder: folder, progress });
    report(0);
    const startedAt = performance.now();
    const model = await native.loadModel({ folder, ...(threads === null ? {} : { threads }) });
    try {
      const { vocabularySize } = model.dimensions;
      const vocabulary = createVocabulary(await readFile(await vocabularyFile(folder, vocabularySize)), vocabularySize);
      const loadedAt = performance.now();
      report(0.5);
      await model.warmUp({ batchSize: 1, onProgress: ({ done, total }) => report(0.5 + done / total / 2) });
      const description = describe(model, folder, {
        loadSeconds: (loadedAt - startedAt) / 1000,
        warmUpSeconds: (performance.now() - loadedAt) / 1000,
      });
      return { description, model, vocabulary };
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  return {
    use(folder) {
      const use = lastUse.then(() => switchTo(folder));
      lastUse = use.catch(() => undefined);
      return use;
    },
  };
}

function describe(
  model: NativeModel,
  folder: string,
  times: Pick<LoadedModel, 'loadSeconds' | 'warmUpSeconds'>,
): LoadedModel {
  return {
    name: basename(folder),
    folder,
    device: model.device,
    operations: model.operations,
    quantizationBits: model.quantization?.bits ?? null,
    weightBytes: model.weightBytes,
    ...times,
  };
}

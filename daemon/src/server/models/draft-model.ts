import type { ModelFolder } from '../../models/list-models.ts';
import type { LoadedModel } from '../../protocol/residency.ts';

/** The model named in `draftModel`. */
export interface DraftModel {
  /** Null if the setting is empty, or its model is not on disk. */
  folder(): string | null;
  /** Why the wanted one is not in use; null if it is. */
  warning(model: LoadedModel | null): string | null;
  /** Finds another one; what is returned switches to it. @throws `MODEL_NOT_FOUND` */
  prepare(name: string): Promise<() => void>;
}

/** A daemon starts without a draft model that is missing: it is slower, and hears the same. */
export async function createDraftModel(
  first: string,
  find: (name: string) => Promise<ModelFolder>,
): Promise<DraftModel> {
  let current: ModelFolder | null = null;
  let missing: string | null = null;

  async function prepare(name: string): Promise<() => void> {
    const found = name === '' ? null : await find(name);
    return () => {
      current = found;
      missing = null;
    };
  }

  try {
    (await prepare(first))();
  } catch (error) {
    missing = `Hearth works without the draft model ${first}. ${(error as Error).message}`;
  }
  return {
    folder: () => current?.folder ?? null,
    warning(model) {
      if (missing !== null) return missing;
      if (current === null || model === null || model.draft !== null) return null;
      return `The setting draftModel has no effect with ${model.name}: the decoder of ${current.name} is no smaller.`;
    },
    prepare,
  };
}

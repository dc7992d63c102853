import type { ModelFolder } from '../../models/list-models.ts';
import { readAbilities } from '../../models/model-abilities.ts';

/** The model named in `translateModel`. */
export interface TranslatingModel {
  /** Why it cannot translate; null if it can, or none is named. */
  warning(): string | null;
  /** Looks for another one; what is returned switches to it. */
  prepare(name: string): Promise<() => void>;
}

/** A model that is missing is no reason to refuse the settings: it may be pulled later. */
export async function createTranslatingModel(
  first: string,
  find: (name: string) => Promise<ModelFolder>,
): Promise<TranslatingModel> {
  let warning: string | null = null;

  async function prepare(name: string): Promise<() => void> {
    const found = name === '' ? null : await problemOf(name, find);
    return () => {
      warning = found;
    };
  }

  (await prepare(first))();
  return { warning: () => warning, prepare };
}

async function problemOf(name: string, find: (name: string) => Promise<ModelFolder>): Promise<string | null> {
  try {
    const abilities = await readAbilities(await find(name));
    return abilities?.translates === false
      ? `The setting translateModel names ${name}, which does not translate. Name one that does.`
      : null;
  } catch (error) {
    return `The setting translateModel has no effect. ${(error as Error).message}`;
  }
}

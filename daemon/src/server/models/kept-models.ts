import type { HearthError } from '../../errors/hearth-error.ts';
import { modelNameOf } from '../../models/hub-cache.ts';
import type { ModelFolder } from '../../models/list-models.ts';
import type { EngineState } from '../supervisor/supervisor.ts';

/** The models named in `keep`. */
export interface KeptModels {
  /** Of those that are on disk. */
  folders(): readonly string[];
  /** Why the others are not held. */
  warnings(engine: Pick<EngineState, 'notKept'>): readonly string[];
  /** Finds others; what is returned switches to them. */
  prepare(names: readonly string[]): Promise<() => void>;
}

/** A model that is missing is no reason to refuse the settings: it may be pulled later. */
export async function createKeptModels(
  first: readonly string[],
  find: (name: string) => Promise<ModelFolder>,
): Promise<KeptModels> {
  let folders: readonly string[] = [];
  let missing: readonly string[] = [];

  async function prepare(names: readonly string[]): Promise<() => void> {
    const found = await Promise.all(
      names.map((name) => find(name).catch((error: HearthError) => notKept(name, error.message))),
    );
    return () => {
      folders = [...new Set(found.flatMap((each) => (typeof each === 'string' ? [] : each.folder)))];
      missing = found.filter((each) => typeof each === 'string');
    };
  }

  (await prepare(first))();
  return {
    folders: () => folders,
    warnings(engine) {
      const refused = Object.entries(engine.notKept).filter(([folder]) => folders.includes(folder));
      return [...missing, ...refused.map(([folder, { message }]) => notKept(modelNameOf(folder), message))];
    },
    prepare,
  };
}

function notKept(name: string, reason: string): string {
  return `The setting keep does not hold ${name}. ${reason}`;
}

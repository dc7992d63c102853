import { HearthError } from '../../errors/hearth-error.ts';
import { isModelFolder } from '../../models/hub-cache.ts';
import type { ModelFolder } from '../../models/list-models.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import { boundFileWork } from '../../settings/file-work.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';

const patienceMs = 2000;

export interface DefaultModelRequest {
  readonly first: ModelFolder;
  readonly supervisor: Pick<Supervisor, 'load' | 'state'>;
  /** Finds the model named in the settings on the disk. @throws `MODEL_NOT_FOUND` */
  readonly find: (name: string) => Promise<ModelFolder>;
}

/** The model of jobs that name none. A model that works is kept until another one is known to work. */
export interface DefaultModel {
  current(): ModelFolder;
  /** The current model, or its replacement if it is neither on disk nor loaded any more. @throws `MODEL_NOT_FOUND` */
  use(name: string): Promise<ModelFolder>;
  /** Loads another model; what is returned switches to it. @throws `MODEL_NOT_FOUND`, `MODEL_INVALID` */
  prepare(name: string): Promise<() => void>;
  /** Switches to another model once it is loaded. @throws as `prepare`; then the old one is kept */
  change(name: string): Promise<void>;
  /** Why the model in use is not the wanted one, or cannot be loaded again; null if there is no problem. */
  problem(): Promise<WireError | null>;
}

export function createDefaultModel({ first, supervisor, find }: DefaultModelRequest): DefaultModel {
  let current = first;
  let refusal: WireError | null = null;
  const work = boundFileWork({ mostAtOnce: 1 });

  async function prepare(name: string): Promise<() => void> {
    try {
      const found = await find(name);
      if (found.folder !== current.folder) await load(found.folder);
      return () => {
        current = found;
        refusal = null;
      };
    } catch (error) {
      refusal = toWireError(error);
      throw error;
    }
  }

  /** Ignores errors that are about the engine and not about the model. */
  async function load(folder: string): Promise<void> {
    await supervisor.load(folder).catch((error: HearthError) => {
      if (error.code.startsWith('MODEL_')) throw error;
    });
  }

  /** A disk that does not answer holds nobody for long, and one thread at most. */
  function isOnDisk(): Promise<boolean> {
    const { folder } = current;
    return work.run('', () => isModelFolder(folder), patienceMs).catch(() => false);
  }

  return {
    current: () => current,
    async use(name) {
      const isResident = supervisor.state().models.some(({ folder }) => folder === current.folder);
      if (isResident || (await isOnDisk())) return current;
      current = await find(name);
      return current;
    },
    prepare,
    change: async (name) => (await prepare(name))(),
    async problem() {
      if (refusal !== null) return refusal;
      if (await isOnDisk()) return null;
      return toWireError(
        new HearthError('MODEL_NOT_FOUND', `The model ${current.name} is no longer on disk.`, {
          hint: 'Hearth uses it for as long as it stays in memory. Restore it, or choose another model in the settings.',
        }),
      );
    },
  };
}

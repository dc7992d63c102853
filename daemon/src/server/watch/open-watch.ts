import { HearthError } from '../../errors/hearth-error.ts';
import { type CreateWatchRequest, createWatch } from './create-watch.ts';
import type { Watch } from './watch.ts';
import { openWatchStore } from './watch-store.ts';

/** Watched folders that cannot be read keep no daemon from transcribing: they are told, and tried again by the next one. */
export function openWatch(request: Omit<CreateWatchRequest, 'store'> & { readonly path: string }): Watch {
  try {
    const store = openWatchStore(request.path);
    const watch = createWatch({ ...request, store });
    return {
      ...watch,
      warnings: () => [...watch.warnings(), ...replacedWarning(store.replacedAs)],
      async stop() {
        await watch.stop();
        store.close();
      },
    };
  } catch (error) {
    if ((error as { code?: unknown }).code === 'HOME_TOO_NEW') throw error;
    request.log.error({ err: error }, 'watched folders cannot be opened');
    return withoutWatch(error);
  }
}

function replacedWarning(aside: string | null): readonly string[] {
  if (aside === null) return [];
  return [
    `The list of watched folders was damaged. What could be read of it goes on; the damaged file is kept as ${aside}.`,
  ];
}

function withoutWatch(cause: unknown): Watch {
  const refuse = (): never => {
    throw cause instanceof HearthError
      ? cause
      : new HearthError('INTERNAL', 'Watched folders cannot be used.', { cause });
  };
  return {
    start: () => undefined,
    list: refuse,
    add: async () => refuse(),
    remove: refuse,
    setPaused: refuse,
    retry: refuse,
    warnings: () => [`Watched folders cannot be used now. ${(cause as Error).message}`],
    stop: async () => undefined,
  };
}

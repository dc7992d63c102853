import { HearthError } from '../../errors/hearth-error.ts';
import { type CreateWatchRequest, createWatch } from './create-watch.ts';
import type { Watch } from './watch.ts';
import { openWatchStore } from './watch-store.ts';

const defaultRetryMs = 60_000;

export interface OpenWatchRequest extends Omit<CreateWatchRequest, 'store'> {
  readonly path: string;
  /** How long a list that cannot be opened waits for the next try, unless somebody asks for it. */
  readonly retryMs?: number;
}

/** Watched folders that cannot be read keep no daemon from transcribing: they are told, and tried again. */
export function openWatch({ retryMs = defaultRetryMs, ...request }: OpenWatchRequest): Watch {
  let opened: Watch | null = null;
  let failure: unknown = null;
  let isStarted = false;
  let isStopped = false;

  function open(): void {
    try {
      opened = openStored(request);
      if (isStarted) opened.start();
    } catch (error) {
      if ((error as { code?: unknown }).code === 'HOME_TOO_NEW') throw error;
      if (failure === null) request.log.error({ err: error }, 'watched folders cannot be opened');
      failure = error;
    }
  }

  function current(): Watch {
    if (opened === null && !isStopped) open();
    if (opened !== null) return opened;
    throw failure instanceof HearthError
      ? failure
      : new HearthError('INTERNAL', 'Watched folders cannot be used.', { cause: failure });
  }

  open();
  const timer = setInterval(() => {
    if (opened === null) open();
    else clearInterval(timer);
  }, retryMs).unref();
  return {
    start() {
      isStarted = true;
      opened?.start();
    },
    list: () => current().list(),
    add: async (asked) => current().add(asked),
    remove: (id) => current().remove(id),
    setPaused: (id, isPaused) => current().setPaused(id, isPaused),
    retry: (id) => current().retry(id),
    warnings: () => opened?.warnings() ?? [`Watched folders cannot be used now. ${(failure as Error).message}`],
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await opened?.stop();
    },
  };
}

function openStored(request: Omit<OpenWatchRequest, 'retryMs'>): Watch {
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
}

function replacedWarning(aside: string | null): readonly string[] {
  if (aside === null) return [];
  return [
    `The list of watched folders was damaged. What could be read of it goes on; the damaged file is kept as ${aside}.`,
  ];
}

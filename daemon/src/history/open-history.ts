import { existsSync, renameSync } from 'node:fs';
import type { Logger } from 'pino';
import type { History, HistoryLimits } from './history.ts';
import { type HistoryDatabase, isDamage, openHistoryDatabase } from './history-database.ts';

const pruneIntervalMs = 3_600_000;

export interface HistoryRequest {
  readonly path: string;
  readonly log: Logger;
  /** Read at each use, since they may change. */
  readonly limits: () => HistoryLimits;
  readonly now?: () => number;
}

/**
 * Opens the history. A damaged file is moved aside and a fresh one begun; where there can be none at all, nothing is
 * kept. Both are told as warnings, since transcribing goes on.
 */
export function openHistory({ path, log, limits, now = Date.now }: HistoryRequest): History {
  const warnings = new Set<string>();
  let database: HistoryDatabase | null = null;
  let isClosed = false;

  function open(): HistoryDatabase | null {
    try {
      return openHistoryDatabase(path);
    } catch (error) {
      if (isDamage(error)) return beginAnew(error);
      warn(`The history at ${path} cannot be opened, and nothing is kept: ${(error as Error).message}`, error);
      return null;
    }
  }

  function beginAnew(error: unknown): HistoryDatabase | null {
    const aside = `${path}.damaged-${now()}`;
    try {
      for (const ending of ['', '-wal', '-shm'])
        if (existsSync(path + ending)) renameSync(path + ending, aside + ending);
      warn(`The history was damaged and begins anew; what is left of it is ${aside}.`, error);
      return openHistoryDatabase(path);
    } catch (failure) {
      warn(`The history is damaged, and a new one cannot be begun: ${(failure as Error).message}`, failure);
      return null;
    }
  }

  function warn(warning: string, error: unknown): void {
    warnings.add(warning);
    log.error({ err: error }, 'history failed');
  }

  /** Does something with the file, and once more with a fresh one when it proves damaged. */
  function use<Result>(action: (database: HistoryDatabase) => Result, otherwise: Result): Result {
    if (database === null) return otherwise;
    try {
      return action(database);
    } catch (error) {
      if (!isDamage(error)) throw error;
      closeQuietly();
      database = beginAnew(error);
      return database === null ? otherwise : action(database);
    }
  }

  function closeQuietly(): void {
    try {
      database?.close();
    } catch {
      // What cannot be closed is moved aside all the same.
    }
    database = null;
  }

  function prune(): void {
    use((each) => each.prune(limits(), now()), undefined);
  }

  function pruneQuietly(): void {
    try {
      prune();
    } catch (error) {
      log.error({ err: error }, 'history not pruned');
    }
  }

  database = open();
  pruneQuietly();
  const timer = setInterval(pruneQuietly, pruneIntervalMs).unref();

  return {
    add(transcript) {
      if (limits().historyEntries === 0) return;
      try {
        use((each) => each.add(transcript), undefined);
        prune();
      } catch (error) {
        warn(`A transcript could not be kept in the history: ${(error as Error).message}`, error);
      }
    },
    find: (id) => use((each) => each.find(id), null),
    search: (search) => use((each) => each.search(search), { entries: [], nextBefore: null, total: 0 }),
    delete: (id) => use((each) => each.delete(id), false),
    clear: () => use((each) => each.clear(), 0),
    prune,
    warnings: () => [...warnings],
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      closeQuietly();
    },
  };
}

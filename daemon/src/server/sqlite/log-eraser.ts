import type { DatabaseSync } from 'node:sqlite';
import { isDamage } from './sqlite-errors.ts';

const defaultRetryMs = 5_000;

/** Removes deleted text from the log beside a database, where it would stay until it is overwritten. */
export interface LogEraser {
  /** Empties the log now, or once no other program reads the database. @throws SQLite's error for damage */
  erase(): void;
  /** Whether the log may still contain deleted text. */
  hasRemains(): boolean;
  close(): void;
}

export function createLogEraser(database: DatabaseSync, retryMs = defaultRetryMs): LogEraser {
  let remains = false;
  let timer: NodeJS.Timeout | undefined;

  function erase(): void {
    clearTimeout(timer);
    remains = !emptyLog(database);
    if (remains) timer = setTimeout(eraseLater, retryMs).unref();
  }

  function eraseLater(): void {
    try {
      erase();
    } catch {
      // Damage is noticed at the next use.
    }
  }

  return { erase, hasRemains: () => remains, close: () => clearTimeout(timer) };
}

/** Once the log is merged, deleted text is overwritten in the database file itself (`secure_delete`). */
function emptyLog(database: DatabaseSync): boolean {
  try {
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  } catch (error) {
    if (isDamage(error)) throw error;
    return false;
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { isDamage } from './sqlite-errors.ts';

const defaultRetryMs = 5_000;

/** Takes deleted text out of the log beside a database, which would keep it until it is written over. */
export interface LogEraser {
  /** Empties the log now; while another program reads the database, as soon as it has ended. @throws SQLite's error for damage */
  erase(): void;
  /** Whether deleted text may still be in the log. */
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
      // Damage shows at the next use.
    }
  }

  return { erase, hasRemains: () => remains, close: () => clearTimeout(timer) };
}

/** What is deleted is overwritten in the file itself (`secure_delete`), once the log has gone into it. */
function emptyLog(database: DatabaseSync): boolean {
  try {
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  } catch (error) {
    if (isDamage(error)) throw error;
    return false;
  }
}

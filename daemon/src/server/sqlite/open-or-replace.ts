import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isNoFile, moveAside } from './move-aside.ts';
import { type DatabaseFile, openDatabase } from './open-database.ts';
import { salvageRows } from './salvage-rows.ts';
import { isDamage } from './sqlite-errors.ts';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** What became of a file that could not be used; null for a sound one. */
  readonly replaced: Replaced | null;
}

export interface Replaced {
  /** Where the damaged file lies now. */
  readonly aside: string;
  /** Rows that were taken over from it. */
  readonly rows: number;
  /** Whether some that are known to be there were not. */
  readonly isIncomplete: boolean;
}

/**
 * Opens a database. A damaged one is moved aside, and what can be read of its table is taken over into a fresh one.
 * @throws `HOME_TOO_NEW`, SQLite's other errors
 */
export function openOrReplace(file: DatabaseFile, table: string): OpenedDatabase {
  if (isNoFile(file.path)) return replaceDatabase(file, table);
  try {
    return { database: openDatabase(file), replaced: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceDatabase(file, table);
  }
}

/** As `openOrReplace`, for damage that shows in use. The database must be closed. */
export function replaceDatabase(file: DatabaseFile, table: string): OpenedDatabase {
  const aside = moveAside(file.path);
  const database = openDatabase(file);
  try {
    const { rows, unreadable } = salvageRows(aside, table, database);
    return { database, replaced: { aside, rows, isIncomplete: rows === 0 || unreadable > 0 } };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What became of a damaged file, as a warning. */
export function replacedSentence(
  { aside, rows, isIncomplete }: Replaced,
  words: { readonly name: string; readonly rows: string },
): string {
  const others = isIncomplete ? '; others are lost' : '';
  const outcome = rows === 0 ? 'begins empty' : `goes on with ${rows} ${words.rows}${others}`;
  return `${words.name} was damaged and ${outcome}. The damaged file is kept as ${basename(aside)}.`;
}

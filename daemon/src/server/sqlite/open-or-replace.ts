import { existsSync, renameSync, rmSync } from 'node:fs';
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
  /** Whether something in it could not be read. */
  readonly isIncomplete: boolean;
}

/**
 * Opens a database. A damaged one is moved aside, and what can be read of its table is taken over into a fresh one.
 * @throws `HOME_TOO_NEW`, SQLite's other errors
 */
export function openOrReplace(file: DatabaseFile, table: string): OpenedDatabase {
  const salvaged = `${file.path}.salvaged`;
  // A daemon died after it had taken over the rows.
  if (existsSync(salvaged)) return putInPlace(file, table, true);
  if (isNoFile(file.path)) return replaceDatabase(file, table);
  try {
    return { database: openDatabase(file), replaced: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceDatabase(file, table);
  }
}

/**
 * As `openOrReplace`, for damage that shows in use. The database must be closed. It stays where it is until its rows are
 * on disk beside it.
 */
export function replaceDatabase(file: DatabaseFile, table: string): OpenedDatabase {
  const unfinished = `${file.path}.unfinished`;
  removeDatabase(unfinished);
  const database = openDatabase({ ...file, path: unfinished });
  let unreadable: number;
  try {
    ({ unreadable } = salvageRows(file.path, table, database));
  } catch (error) {
    database.close();
    removeDatabase(unfinished);
    throw error;
  }
  // Its log goes into it, so that one file is all there is to move.
  database.close();
  renameSync(unfinished, `${file.path}.salvaged`);
  return putInPlace(file, table, unreadable > 0);
}

function putInPlace(file: DatabaseFile, table: string, isIncomplete: boolean): OpenedDatabase {
  const aside = moveAside(file.path);
  renameSync(`${file.path}.salvaged`, file.path);
  const database = openDatabase(file);
  const { rows } = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number };
  return { database, replaced: { aside, rows, isIncomplete: isIncomplete || rows === 0 } };
}

function removeDatabase(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true, recursive: true });
}

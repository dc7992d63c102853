import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isNoFile, moveAside } from './move-aside.ts';
import { type DatabaseFile, openDatabase } from './open-database.ts';
import { salvageRows } from './salvage-rows.ts';
import { isDamage } from './sqlite-errors.ts';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** What happened to a file that could not be used; null if it was fine. */
  readonly replaced: Replaced | null;
}

export interface Replaced {
  /** Where the damaged file is now. */
  readonly aside: string;
  /** Number of rows recovered from it. */
  readonly rows: number;
  /** Whether a part of it could not be read. */
  readonly isIncomplete: boolean;
}

/**
 * Opens a database. A damaged one is moved aside, and the readable rows of its table are copied into a new one.
 * @throws `HOME_TOO_NEW`, SQLite's other errors
 */
export function openOrReplace(file: DatabaseFile, table: string): OpenedDatabase {
  const salvaged = `${file.path}.salvaged`;
  // A daemon died after it had copied the rows.
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
 * Like `openOrReplace`, for damage found during use. The database must be closed. It stays in place until its rows are
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
  // Merges its log into it, so that there is only one file to move.
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

/** What happened to a damaged file, as a warning. */
export function replacedSentence(
  { aside, rows, isIncomplete }: Replaced,
  words: { readonly name: string; readonly rows: string },
): string {
  const others = isIncomplete ? '; others are lost' : '';
  const outcome = rows === 0 ? 'begins empty' : `goes on with ${rows} ${words.rows}${others}`;
  return `${words.name} was damaged and ${outcome}. The damaged file is kept as ${basename(aside)}.`;
}

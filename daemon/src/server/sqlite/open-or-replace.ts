import { lstatSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isNoFile, moveAside } from './move-aside.ts';
import { type DatabaseFile, openDatabase } from './open-database.ts';
import { inRecoveryFolder, removeRecoveryFolders } from './recovery-folder.ts';
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
 * Opens a database. A damaged one is moved aside, and the readable rows of its tables are copied into a new one.
 * @throws `HOME_TOO_NEW`, SQLite's other errors
 */
export function openOrReplace(file: DatabaseFile): OpenedDatabase {
  removeRecoveryFolders(file.path);
  // A daemon died after it had copied the rows.
  if (isRecovered(file)) return putInPlace(file, true);
  if (isNoFile(file.path)) return replaceDatabase(file);
  try {
    return { database: openDatabase(file), replaced: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replaceDatabase(file);
  }
}

/**
 * Like `openOrReplace`, for damage found during use. The database must be closed. It stays in place until its rows are
 * on disk beside it.
 */
export function replaceDatabase(file: DatabaseFile): OpenedDatabase {
  const isIncomplete = inRecoveryFolder(file.path, (folder) => {
    const path = join(folder, 'recovered');
    const database = openDatabase({ ...file, path });
    let unreadable = 0;
    try {
      // All of them before the file may take the place of the damaged one, whenever this process ends.
      for (const table of file.recovered) unreadable += salvageRows(file.path, table, database).unreadable;
    } finally {
      // Merges its log into it, so that there is only one file to move.
      database.close();
    }
    const recovered = recoveredPath(file);
    if (lstatSync(recovered, { throwIfNoEntry: false }) !== undefined) moveAside(recovered);
    renameSync(path, recovered);
    return unreadable > 0;
  });
  return putInPlace(file, isIncomplete);
}

/** A name that only Hearth has. */
function recoveredPath({ path }: DatabaseFile): string {
  return join(dirname(path), `.${basename(path)}.recovered-by-hearth`);
}

/** Whether the rows of a damaged database are there, whole. What else has this name is left alone. */
function isRecovered(file: DatabaseFile): boolean {
  const path = recoveredPath(file);
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status?.isFile() !== true || status.size === 0) return false;
  try {
    openDatabase({ ...file, path }).close();
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

function putInPlace(file: DatabaseFile, isIncomplete: boolean): OpenedDatabase {
  const aside = moveAside(file.path);
  renameSync(recoveredPath(file), file.path);
  const database = openDatabase(file);
  const [counted] = file.recovered;
  const { rows } = database.prepare(`SELECT count(*) AS rows FROM ${counted}`).get() as { rows: number };
  return { database, replaced: { aside, rows, isIncomplete: isIncomplete || rows === 0 } };
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

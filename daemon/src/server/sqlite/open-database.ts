import { closeSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HearthError } from '../../errors/hearth-error.ts';
import { isLockedElsewhere, rememberLocked } from '../../settings/locked-files.ts';
import { statusOf } from './move-aside.ts';
import { isLogBroken } from './readable-copy.ts';
import { requireTables } from './require-tables.ts';
import { damage } from './sqlite-errors.ts';

/** Checking a larger file would delay the start. Its damage is noticed when it is used. */
const largestCheckedBytes = 64 * 1024 * 1024;
/** SQLite blocks Hearth's only thread. An operation that needs longer is tried again later. */
const busyTimeoutMs = 250;
/** No version of Hearth will have this many; a wrong byte in the header makes thousands. */
const highestVersion = 1_000;

/** Migrates a file's tables from one version to the next. */
export type Migration = (database: DatabaseSync) => void;

export interface DatabaseFile {
  readonly path: string;
  /** Its name for people: "the history". */
  readonly name: string;
  /** The steps from an empty file to the current tables. Their number is the version. */
  readonly migrations: readonly Migration[];
  /** The tables whose rows are recovered from a damaged file. The rows of the first are counted. */
  readonly recovered: readonly [string, ...string[]];
  /** Checked as a whole however large it is: nothing in use has it recovered. */
  readonly isAlwaysChecked?: boolean;
}

/**
 * Opens a database and migrates it to the current version. Commits are on disk when they return, and deleted data is
 * overwritten: dictations are private.
 * @throws `HOME_TOO_NEW` before anything is changed; SQLite's errors
 */
export function openDatabase(file: Omit<DatabaseFile, 'recovered'>): DatabaseSync {
  requireKnownVersion(file);
  const size = sizeOf(file.path);
  // SQLite would ignore what was committed after the damage, and overwrite it.
  if (sizeOf(`${file.path}-wal`) <= largestCheckedBytes && isLogBroken(file.path)) throw damage('a broken log');
  const database = new DatabaseSync(file.path);
  for (const ending of ['', '-wal', '-shm']) rememberLocked(`${file.path}${ending}`);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;`);
    // On macOS only the latter empties the drive's cache.
    database.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;');
    if (size <= largestCheckedBytes || file.isAlwaysChecked === true) requireSound(database);
    migrate(database, file.migrations);
    requireTables(database, file.migrations);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Reads a file's version without changing the file. @throws `HOME_TOO_NEW`, `HOME_NOT_WRITABLE` for a link to another file of ours */
export function requireKnownVersion({ path, name, migrations }: Omit<DatabaseFile, 'recovered'>): void {
  if (['', '-wal', '-shm'].some((ending) => isLockedElsewhere(path + ending))) {
    // To close it would drop the lock of the home.
    throw new HearthError(
      'HOME_NOT_WRITABLE',
      `Expected a file of its own for ${name} at ${path}, got a link to another one of Hearth’s.`,
      {
        hint: 'Move the link away. Hearth makes a new file.',
      },
    );
  }
  const version = readVersion(path);
  if (version <= migrations.length || version > highestVersion) return;
  const known = migrations.length;
  throw new HearthError(
    'HOME_TOO_NEW',
    `A newer Hearth wrote ${name}: its version is ${version}, this one knows ${known}.`,
  );
}

/** 0 if it is not a database; opening it will report what it is. */
function readVersion(path: string): number {
  if (statusOf(path)?.isFile() !== true) return 0;
  // Opening a database leaves files beside it, so this is only done if one of them may contain the version.
  const isWritten = sizeOf(`${path}-wal`) === 0;
  return isWritten ? versionInHeader(path) : versionInLog(path);
}

function versionInLog(path: string): number {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    return versionOf(database);
  } catch {
    return 0;
  } finally {
    database?.close();
  }
}

/** https://www.sqlite.org/fileformat2.html#the_database_header */
function versionInHeader(path: string): number {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  readSync(file, header);
  closeSync(file);
  const isDatabase = header.toString('latin1', 0, 15) === 'SQLite format 3';
  return isDatabase ? header.readUInt32BE(60) : 0;
}

/** Runs several statements that are on disk together or not at all. */
export function inTransaction<Result>(database: DatabaseSync, action: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has already ended it.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  const version = versionOf(database);
  if (version > migrations.length) throw damage(`version ${version}`);
  if (version === migrations.length) return;
  inTransaction(database, () => {
    for (const step of migrations.slice(version)) step(database);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** Also compares indexes with their tables: a list and a single entry must agree. */
function requireSound(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (found.integrity_check !== 'ok') throw damage(found.integrity_check);
}

function sizeOf(path: string): number {
  return statusOf(path)?.size ?? 0;
}

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HearthError } from '../../errors/hearth-error.ts';
import { isLogBroken } from './readable-copy.ts';
import { requireTables } from './require-tables.ts';
import { damage } from './sqlite-errors.ts';

/** A larger file would hold up the start; its damage shows when it is used. */
const largestCheckedBytes = 64 * 1024 * 1024;
/** SQLite waits on Hearth's only thread. Who needs longer tries again later. */
const busyTimeoutMs = 250;
/** No Hearth will ever have so many; a wrong byte in the header makes thousands. */
const highestVersion = 1_000;

/** One step from a version of a file's tables to the next. */
export type Migration = (database: DatabaseSync) => void;

export interface DatabaseFile {
  readonly path: string;
  /** What a person calls it: "the history". */
  readonly name: string;
  /** From an empty file to today's tables; their number is the version. */
  readonly migrations: readonly Migration[];
}

/**
 * Opens a database and brings it to today's version. Each commit is on disk when it returns, and what is deleted is
 * overwritten: dictations are private.
 * @throws `HOME_TOO_NEW` before anything is touched; SQLite's errors
 */
export function openDatabase(file: DatabaseFile): DatabaseSync {
  requireKnownVersion(file);
  const size = sizeOf(file.path);
  // SQLite would go on without what was committed behind the damage, and write over it.
  if (sizeOf(`${file.path}-wal`) <= largestCheckedBytes && isLogBroken(file.path)) throw damage('a broken log');
  const database = new DatabaseSync(file.path);
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;`);
    // On macOS only the latter makes a drive empty its cache.
    database.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;');
    if (size <= largestCheckedBytes) requireSound(database);
    migrate(database, file.migrations);
    requireTables(database, file.migrations);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Looks at a file without changing it. @throws `HOME_TOO_NEW` */
export function requireKnownVersion({ path, name, migrations }: DatabaseFile): void {
  const version = readVersion(path);
  if (version <= migrations.length || version > highestVersion) return;
  const known = migrations.length;
  throw new HearthError(
    'HOME_TOO_NEW',
    `A newer Hearth wrote ${name}: its version is ${version}, this one knows ${known}.`,
  );
}

/** 0 for what is no database: opening it tells what it is. */
function readVersion(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return 0;
  // To open a database leaves files beside it, so that this is done only where one of them may hold the version.
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

/** Does several things that are on disk together or not at all. */
export function inTransaction<Result>(database: DatabaseSync, action: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has ended it already.
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

/** Indexes are held against their tables as well: a list and a look at one of its entries must agree. */
function requireSound(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (found.integrity_check !== 'ok') throw damage(found.integrity_check);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

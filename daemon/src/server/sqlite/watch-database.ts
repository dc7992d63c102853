import type { DatabaseSync } from 'node:sqlite';
import { watchPlace } from '../../settings/file-identity.ts';

/** The files of an open database. */
export interface DatabasePlace {
  /** Whether all of them are where they were. */
  isInPlace(): boolean;
  /** Has what a deleted log holds, and every commit from then on, written into the file itself. */
  saveDeletedLog(): void;
}

/** A program that cleans up may take a database's log for a leftover, though it holds what is newest. */
export function watchDatabase(database: DatabaseSync, path: string): DatabasePlace {
  const isFileInPlace = watchPlace(path);
  const logs = ['-wal', '-shm'].map((ending) => watchPlace(`${path}${ending}`));
  const areLogsInPlace = () => logs.every((isInPlace) => isInPlace());
  let isSaved = false;

  function saveDeletedLog(): void {
    if (isSaved || areLogsInPlace()) return;
    database.exec('PRAGMA wal_autocheckpoint = 1; PRAGMA wal_checkpoint(FULL)');
    isSaved = true;
  }

  return { isInPlace: () => isFileInPlace() && areLogsInPlace(), saveDeletedLog };
}

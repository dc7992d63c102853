import type { DatabaseFile, Migration } from '../sqlite/open-database.ts';
import { type OpenedDatabase, openOrReplace } from '../sqlite/open-or-replace.ts';

const tables = `
  CREATE TABLE folders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    isPaused INTEGER NOT NULL DEFAULT 0,
    addedAtMs INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE recordings (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    folderId TEXT NOT NULL,
    path TEXT NOT NULL,
    node TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtimeMs REAL NOT NULL,
    fingerprint TEXT,
    state TEXT NOT NULL,
    jobId TEXT,
    plan TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX recordingsByPath ON recordings (folderId, path);
  CREATE INDEX recordingsByNode ON recordings (folderId, node);
  CREATE INDEX recordingsByState ON recordings (folderId, state);
`;

const migrations: readonly Migration[] = [
  (database) => database.exec(tables),
  (database) => database.exec('ALTER TABLE recordings ADD COLUMN ctimeMs REAL'),
  (database) => database.exec('ALTER TABLE recordings ADD COLUMN disk TEXT; ALTER TABLE folders ADD COLUMN disks TEXT'),
];

export function watchFile(path: string): DatabaseFile {
  return {
    path,
    name: 'the list of watched folders',
    migrations,
    recovered: ['recordings', 'folders'],
    isAlwaysChecked: true,
  };
}

/** Opens the file; a damaged one is moved aside, and what can be read of it is taken over. @throws SQLite's errors */
export function openWatchFile(path: string): OpenedDatabase {
  return openOrReplace(watchFile(path));
}

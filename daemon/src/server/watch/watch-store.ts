import type { DatabaseSync } from 'node:sqlite';
import type { WireError } from '../../protocol/wire-error.ts';
import type { Row } from '../jobs/stored-job.ts';
import { inTransaction } from '../sqlite/open-database.ts';
import { storageError } from '../sqlite/sqlite-errors.ts';
import type { FoundRecording } from './found-recording.ts';
import {
  damagedEntry,
  type OutputPlan,
  type RecordingState,
  readFailure,
  readFolder,
  readRecording,
  type StoredFolder,
  type StoredRecording,
} from './stored-watch.ts';
import { openWatchFile } from './watch-file.ts';

/** What is known of watched folders and their recordings; on disk when a call returns. */
export interface WatchStore {
  folders(): readonly StoredFolder[];
  /** The ids of those that nothing can be made of. */
  damagedFolders(): readonly string[];
  /** With the recordings that are there already. */
  addFolder(folder: StoredFolder, earlier: readonly FoundRecording[]): void;
  removeFolder(id: string): void;
  setPaused(id: string, isPaused: boolean): void;
  /** Recordings that have this name or are this file, of whatever content. */
  alike(folderId: string, found: FoundRecording): readonly StoredRecording[];
  addSubmitted(
    folderId: string,
    found: FoundRecording & { readonly fingerprint: string; readonly jobId: string; readonly disk: string },
  ): number;
  /** Takes over the name and the times of a recording that was renamed, moved or touched. */
  setPlace(seq: number, found: FoundRecording): void;
  /** Remembers what is in a recording that was there before its folder was watched. */
  setFingerprint(seq: number, fingerprint: string): void;
  setPlan(seq: number, plan: OutputPlan): void;
  setDone(seq: number): void;
  setFailed(seq: number, error: WireError): void;
  forget(seq: number): void;
  forgetFailed(folderId: string): number;
  /** Those whose jobs had not come to their end. One whose entry is damaged fails. */
  unfinished(): readonly StoredRecording[];
  count(folderId: string, state: RecordingState): number;
  failures(folderId: string, limit: number): readonly { readonly path: string; readonly error: WireError }[];
  readonly replacedAs: string | null;
  close(): void;
}

/** @throws `HOME_TOO_NEW`, `HOME_BUSY`, `HOME_NOT_WRITABLE`, `DISK_FULL`, as each call does */
export function openWatchStore(path: string): WatchStore {
  const { database, replaced } = inOurWords(() => openWatchFile(path));
  const run = (sql: string, ...values: readonly (string | number | null)[]) => {
    return inOurWords(() => database.prepare(sql).run(...values));
  };
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    // A damaged number may be larger than what a `number` holds.
    statement.setReadBigInts(true);
    return statement;
  };
  const all = (sql: string, ...values: readonly (string | number)[]): readonly Row[] => {
    return inOurWords(() => prepare(sql).all(...values));
  };
  const alikeStatement = prepare(
    'SELECT * FROM recordings WHERE folderId = ?1 AND path = ?2 UNION SELECT * FROM recordings WHERE folderId = ?1 AND node = ?3',
  );

  function setFailed(seq: number, error: WireError): void {
    run("UPDATE recordings SET state = 'failed', error = ? WHERE seq = ?", JSON.stringify(error), seq);
  }

  return {
    folders: () => all('SELECT * FROM folders ORDER BY seq').flatMap((row) => readFolder(row) ?? []),
    damagedFolders: () =>
      all('SELECT * FROM folders ORDER BY seq').flatMap((row) => (readFolder(row) === null ? [String(row['id'])] : [])),
    addFolder({ id, rules, isPaused, addedAtMs, disks }, earlier) {
      inOurWords(() =>
        inTransaction(database, () => {
          database
            .prepare('INSERT INTO folders (id, rules, isPaused, addedAtMs, disks) VALUES (?, ?, ?, ?, ?)')
            .run(id, JSON.stringify(rules), Number(isPaused), addedAtMs, JSON.stringify(disks));
          for (const found of earlier) insertRecording(database, { folderId: id, state: 'earlier', ...found });
        }),
      );
    },
    removeFolder(id) {
      inOurWords(() =>
        inTransaction(database, () => {
          database.prepare('DELETE FROM recordings WHERE folderId = ?').run(id);
          database.prepare('DELETE FROM folders WHERE id = ?').run(id);
        }),
      );
    },
    setPaused: (id, isPaused) => void run('UPDATE folders SET isPaused = ? WHERE id = ?', Number(isPaused), id),
    alike: (folderId, { path: place, node }) =>
      inOurWords(() => alikeStatement.all(folderId, place, node)).map(readRecording),
    addSubmitted: (folderId, found) =>
      inOurWords(() => insertRecording(database, { folderId, state: 'submitted', ...found })),
    setPlace(seq, { path: place, node, mtimeMs, ctimeMs }) {
      const values = [place, node, mtimeMs, ctimeMs, seq];
      run('UPDATE recordings SET path = ?, node = ?, mtimeMs = ?, ctimeMs = ? WHERE seq = ?', ...values);
    },
    setFingerprint: (seq, fingerprint) =>
      void run('UPDATE recordings SET fingerprint = ? WHERE seq = ?', fingerprint, seq),
    setPlan(seq, plan) {
      run("UPDATE recordings SET state = 'writing', plan = ? WHERE seq = ?", JSON.stringify(plan), seq);
    },
    setDone: (seq) => void run("UPDATE recordings SET state = 'done' WHERE seq = ?", seq),
    setFailed,
    forget: (seq) => void run('DELETE FROM recordings WHERE seq = ?', seq),
    forgetFailed: (folderId) =>
      Number(run("DELETE FROM recordings WHERE folderId = ? AND state = 'failed'", folderId).changes),
    unfinished() {
      const unfinished = all("SELECT * FROM recordings WHERE state IN ('submitted', 'writing') ORDER BY seq");
      return unfinished.map(readRecording).filter(({ seq, isDamaged }) => {
        if (isDamaged) setFailed(seq, damagedEntry());
        return !isDamaged;
      });
    },
    count(folderId, state) {
      const [row] = all('SELECT count(*) AS count FROM recordings WHERE folderId = ? AND state = ?', folderId, state);
      return Number(row?.['count']);
    },
    failures: (folderId, limit) =>
      all(
        "SELECT path, error FROM recordings WHERE folderId = ? AND state = 'failed' ORDER BY seq DESC LIMIT ?",
        ...[folderId, limit],
      ).map(readFailure),
    replacedAs: replaced?.aside ?? null,
    close: () => database.close(),
  };
}

interface NewRecording extends FoundRecording {
  readonly folderId: string;
  readonly state: RecordingState;
  readonly fingerprint?: string;
  readonly jobId?: string;
  readonly disk?: string;
}

function insertRecording(database: DatabaseSync, recording: NewRecording): number {
  const { folderId, path, node, size, mtimeMs, ctimeMs, fingerprint = null, state } = recording;
  const { jobId = null, disk = null } = recording;
  const inserted = database
    .prepare(
      'INSERT INTO recordings (folderId, path, node, size, mtimeMs, ctimeMs, fingerprint, state, jobId, disk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(folderId, path, node, size, mtimeMs, ctimeMs, fingerprint, state, jobId, disk);
  return Number(inserted.lastInsertRowid);
}

function inOurWords<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw storageError(error, 'the list of watched folders');
  }
}

import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { excerpt } from './excerpt.ts';
import type {
  HistoryDetails,
  HistoryEntry,
  HistoryLimits,
  HistoryPage,
  HistorySearch,
  KeptTranscript,
} from './history.ts';
import { searchExpression } from './search-expression.ts';

const version = 1;
/** A larger file would hold up the start; its damage shows when it is used. */
const largestCheckedBytes = 64 * 1024 * 1024;

/** Trigrams find parts of words, and text of languages that put no spaces between them. */
const schema = `
  CREATE TABLE transcripts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    createdAtMs INTEGER NOT NULL,
    durationSeconds REAL NOT NULL,
    language TEXT NOT NULL,
    task TEXT NOT NULL,
    model TEXT NOT NULL,
    options TEXT NOT NULL,
    text TEXT NOT NULL,
    result TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transcriptsByTime ON transcripts (createdAtMs);
  CREATE VIRTUAL TABLE words USING fts5 (
    text, name, content = 'transcripts', content_rowid = 'seq', tokenize = 'trigram remove_diacritics 1'
  );
  CREATE TRIGGER addWords AFTER INSERT ON transcripts BEGIN
    INSERT INTO words (rowid, text, name) VALUES (new.seq, new.text, new.name);
  END;
  CREATE TRIGGER deleteWords AFTER DELETE ON transcripts BEGIN
    INSERT INTO words (words, rowid, text, name) VALUES ('delete', old.seq, old.text, old.name);
  END;
  INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
  PRAGMA user_version = ${version};
`;

const columns = 'seq, id, name, createdAtMs, durationSeconds, language, task, model';

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly name: string | null;
  readonly createdAtMs: number;
  readonly durationSeconds: number;
  readonly language: string;
  readonly task: 'transcribe' | 'translate';
  readonly model: string;
}

export type HistoryDatabase = ReturnType<typeof openHistoryDatabase>;

/** The history's file and its statements. @throws SQLite's errors */
export function openHistoryDatabase(path: string) {
  const size = existsSync(path) ? statSync(path).size : 0;
  const database = new DatabaseSync(path);
  try {
    // What is deleted is overwritten: dictations are private.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    database.exec('PRAGMA busy_timeout = 2000;');
    if (size <= largestCheckedBytes) requireSound(database);
    if (versionOf(database) === 0) database.exec(`BEGIN; ${schema} COMMIT;`);
    if (versionOf(database) !== version) throw new Error(`Expected version ${version}, got ${versionOf(database)}.`);
  } catch (error) {
    database.close();
    throw error;
  }

  function add({ id, name, createdAt, options, result }: KeptTranscript): void {
    database
      .prepare(
        `INSERT INTO transcripts (id, name, createdAtMs, durationSeconds, language, task, model, options, text, result)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      )
      .run(
        ...[id, name, createdAt.getTime(), result.duration, result.language, result.task, result.model],
        ...[JSON.stringify(options), result.text, JSON.stringify(result)],
      );
  }

  function find(id: string): HistoryDetails | null {
    const row = database.prepare(`SELECT ${columns}, options, result FROM transcripts WHERE id = ?`).get(id);
    if (row === undefined) return null;
    const { options, result, ...rest } = row as unknown as Row & { readonly options: string; readonly result: string };
    return {
      ...fieldsOf(rest),
      options: JSON.parse(options) as TranscriptionOptions,
      result: JSON.parse(result) as WireTranscript,
    };
  }

  function search({ query, limit, before }: HistorySearch): HistoryPage {
    const { match, patterns } = searchExpression(query);
    const conditions = [
      ...(before === null ? [] : ['seq < ?']),
      ...(match === null ? [] : ['seq IN (SELECT rowid FROM words WHERE words MATCH ?)']),
      ...patterns.map(() => String.raw`(text LIKE ? ESCAPE '\' OR name LIKE ? ESCAPE '\')`),
    ];
    const values = [
      ...(before === null ? [] : [before]),
      ...(match === null ? [] : [match]),
      ...patterns.flatMap((pattern) => [pattern, pattern]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT ${columns}, text FROM transcripts ${where} ORDER BY seq DESC LIMIT ?`;
    const rows = database.prepare(sql).all(...values, limit + 1) as unknown as (Row & { readonly text: string })[];
    const shown = rows.slice(0, limit);
    return {
      entries: shown.map(({ text, ...row }): HistoryEntry => ({ ...fieldsOf(row), excerpt: excerpt(text, query) })),
      nextBefore: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
      total: (database.prepare('SELECT count(*) AS total FROM transcripts').get() as { total: number }).total,
    };
  }

  function prune({ historyDays, historyEntries }: HistoryLimits, nowMs: number): void {
    if (historyDays > 0) {
      database.prepare('DELETE FROM transcripts WHERE createdAtMs < ?').run(nowMs - historyDays * 86_400_000);
    }
    database
      .prepare('DELETE FROM transcripts WHERE seq <= (SELECT seq FROM transcripts ORDER BY seq DESC LIMIT 1 OFFSET ?)')
      .run(historyEntries);
  }

  return {
    add,
    find,
    search,
    prune,
    delete: (id: string) => database.prepare('DELETE FROM transcripts WHERE id = ?').run(id).changes !== 0,
    clear: () => Number(database.prepare('DELETE FROM transcripts').run().changes),
    close: () => database.close(),
  };
}

function fieldsOf({ createdAtMs, ...row }: Row): Omit<HistoryEntry, 'excerpt'> {
  return { ...row, createdAt: new Date(createdAtMs).toISOString() };
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

function requireSound(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (found.quick_check !== 'ok') throw Object.assign(new Error(found.quick_check), { errcode: corruptCode });
}

/** https://www.sqlite.org/rescode.html: SQLITE_CORRUPT and SQLITE_NOTADB, whose extended codes end in the same byte. */
const corruptCode = 11;
const notDatabaseCode = 26;

/** Whether an error says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  const code = Number((error as { errcode?: number }).errcode) & 0xff;
  return code === corruptCode || code === notDatabaseCode;
}

import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isLockedHereNow } from '../../settings/locked-files.ts';
import { freeName } from '../sqlite/move-aside.ts';
import { inTransaction } from '../sqlite/open-database.ts';
import { type Row, readError, readRequest, readTime, requestOf } from './stored-job.ts';

/**
 * Takes over the promises of version 0.1, which were lines of JSON: one when a job was accepted and one when it ended. All
 * of them at once, and each file once, also when the process dies before the file is gone. A damaged line is skipped; the
 * file is then kept, and the answer is a sentence about it.
 */
export function importJournal(database: DatabaseSync, path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) return keepAside(path, 'The journal of an earlier Hearth was no file.');
  // To close it would drop its locks.
  if (isLockedHereNow(path))
    return keepAside(path, 'The journal of an earlier Hearth was a link to a file of this one.');
  const text = readFileSync(path, 'utf8');
  // What a crash cut short was promised to nobody.
  const lines = text.split('\n').slice(0, -1);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const isKnown = database.prepare('SELECT 1 FROM importedJournals WHERE sha256 = ?').get(sha256) !== undefined;
  const skipped = isKnown ? 0 : importLines(database, lines, sha256);
  if (skipped > 0) return keepAside(path, `The journal of an earlier Hearth had ${skipped} damaged lines.`);
  rmSync(path);
  return null;
}

function keepAside(path: string, sentence: string): string {
  const aside = freeName(path);
  renameSync(path, aside);
  return `${sentence} Jobs that could not be read from it are lost. It is kept as ${basename(aside)}.`;
}

function importLines(database: DatabaseSync, lines: readonly string[], sha256: string): number {
  const accept = database.prepare(
    'INSERT INTO jobs (id, client, createdAtMs, request) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const end = database.prepare(
    'UPDATE jobs SET endedSeq = ?, state = ?, endedAtMs = ?, error = ? WHERE id = ? AND state IS NULL',
  );
  let order = lastEndIn(database);
  let skipped = 0;
  inTransaction(database, () => {
    for (const line of lines) {
      const values = readLine(line);
      if (values === null) skipped++;
      else if (values.type === 'accepted') accept.run(...values.accepted);
      else if (end.run(++order, ...values.ended).changes === 0) skipped++;
    }
    database.prepare('INSERT INTO importedJournals (sha256) VALUES (?)').run(sha256);
  });
  return skipped;
}

/** The number of the last end in a file of jobs; 0 for none. */
export function lastEndIn(database: DatabaseSync): number {
  const last = database.prepare('SELECT max(endedSeq) AS last FROM jobs WHERE endedSeq IS NOT NULL').get();
  return Number(last?.['last'] ?? 0);
}

function readLine(line: string) {
  const record = parse(line);
  if (record === null || typeof record['id'] !== 'string') return null;
  const { type, id, state } = record;
  if (type === 'ended') {
    if (state !== 'done' && state !== 'failed' && state !== 'cancelled') return null;
    const error = readError(record['error']);
    const errorJson = error === null ? null : JSON.stringify(error);
    return { type, ended: [state, timeOf(record['endedAt']), errorJson, id] } as const;
  }
  const request = readRequest(record);
  if (type !== 'accepted' || request === null) return null;
  const client = typeof record['client'] === 'string' ? record['client'] : '';
  return {
    type,
    accepted: [id, client, timeOf(record['createdAt']), JSON.stringify(requestOf(request))],
  } as const;
}

function timeOf(text: unknown): number {
  return readTime(typeof text === 'string' ? Date.parse(text) : null).getTime();
}

function parse(line: string): Row | null {
  try {
    const record: unknown = JSON.parse(line);
    return typeof record === 'object' && record !== null ? (record as Row) : null;
  } catch {
    return null;
  }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HistoryDetails, HistoryEntry, HistoryPage } from '../../protocol/history.ts';
import { inTransaction } from '../sqlite/open-database.ts';
import type { HistoryLimits, HistorySearch, KeptTranscript } from './history.ts';
import { advanceClock, beginningOfAge, newClock, type RetentionClock, soundClock } from './retention-clock.ts';
import { excerpt, searchExpression } from './search-expression.ts';
import { listedColumns, type Row, readDetails, readEntry } from './stored-transcript.ts';

const dayMs = 86_400_000;
/** Transcripts that are deleted in one step: long ones take some hundredths of a second each, in which nobody is answered. */
const mostAtOnce = 10;
/** Transcripts whose times the clock is compared with. */
const mostCompared = 101;
/** The computer's clock is a little off all the time. */
const leastJumpMs = 60_000;

export interface Times {
  /** The computer's clock. */
  readonly wallMs: number;
  /** Time since the last look in which the process ran. */
  readonly ranMs: number;
}

export interface HistoryStatements {
  /** Keeps a transcript, and lets go of what is over the limits, in one step. */
  add(transcript: KeptTranscript, limits: HistoryLimits, times: Times): void;
  find(id: string): HistoryDetails | null;
  has(id: string): boolean;
  search(search: HistorySearch): HistoryPage;
  /** Lets go of some of what is over the limits; whether there may be more. */
  prune(limits: HistoryLimits, times: Times): boolean;
  delete(id: string): boolean;
  /** The `seq` of the newest transcript; 0 for none. */
  newest(): number;
  /** Deletes the oldest transcripts up to a `seq`, or some of them; how many. */
  deleteSome(upToSeq: number): number;
}

export interface HistoryListeners {
  /** Hears of damaged rows, which are skipped. */
  readonly onUnreadable: (id: string) => void;
  /** Hears that the age of the history was wrong, and begins anew. */
  readonly onWrongClock: () => void;
}

/** What is asked of an open history. */
export function historyStatements(
  database: DatabaseSync,
  { onUnreadable, onWrongClock }: HistoryListeners,
): HistoryStatements {
  let isClockChecked = false;
  /** Those after it were made by this process, which has measured their age itself. */
  const newestOfEarlier = newest();
  const hasStatement = prepare('SELECT 1 FROM transcripts WHERE id = ?');
  const findStatement = prepare(`SELECT ${listedColumns}, options, result FROM transcripts WHERE id = ?`);

  function newest(): number {
    const row = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM transcripts').get();
    return Number(row?.['seq']);
  }

  function insert({ id, name, createdAt, options, result }: KeptTranscript, agedMs: number): void {
    database
      .prepare(
        `INSERT INTO transcripts
           (id, name, createdAtMs, durationSeconds, language, task, model, options, text, result, agedMs)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      )
      .run(
        ...[id, name, createdAt.getTime(), result.duration, result.language, result.task, result.model],
        ...[JSON.stringify(options), result.text, JSON.stringify(result), agedMs],
      );
  }

  function find(id: string): HistoryDetails | null {
    const row = findStatement.get(id);
    if (row === undefined) return null;
    const details = readDetails(row);
    if (details === null) onUnreadable(id);
    return details;
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
    const rows = prepare(`SELECT ${listedColumns}, text FROM transcripts ${where} ORDER BY seq DESC LIMIT ?`).all(
      ...values,
      limit + 1,
    );
    const shown = rows.slice(0, limit);
    return {
      entries: shown.flatMap((row) => readShown(row, query)),
      nextBefore: rows.length > limit ? Number(shown.at(-1)?.['seq']) : null,
      total: (database.prepare('SELECT count(*) AS total FROM transcripts').get() as { total: number }).total,
    };
  }

  function readShown(row: Row, query: string): readonly HistoryEntry[] {
    const entry = readEntry(row);
    const { text } = row;
    if (entry !== null && typeof text === 'string') return [{ ...entry, excerpt: excerpt(text, query) }];
    onUnreadable(String(row['id']));
    return [];
  }

  /** Has the clock show the time of now, and answers with it. */
  function advance({ wallMs, ranMs }: Times): RetentionClock {
    const clock = currentClock(wallMs);
    const next = advanceClock(clock, wallMs, ranMs);
    database
      .prepare('INSERT OR REPLACE INTO clock (one, agedMs, wallMs, owedMs) VALUES (1, ?, ?, ?)')
      .run(next.agedMs, next.wallMs, next.owedMs);
    correctAges(beginningOfAge(next) - beginningOfAge(clock) - ranMs, beginningOfAge(next));
    return next;
  }

  /** A jump of the computer's clock while the process ran is no age of what it made; and nothing was made later than now. */
  function correctAges(jumpMs: number, latestMs: number): void {
    if (Math.abs(jumpMs) > leastJumpMs) {
      const moved = 'UPDATE transcripts SET agedMs = min(agedMs + ?, ?) WHERE seq > ?';
      database.prepare(moved).run(jumpMs, latestMs, newestOfEarlier);
    }
    database.prepare('UPDATE transcripts SET agedMs = ? WHERE agedMs > ?').run(latestMs, latestMs);
  }

  /** The stored one is believed as far as it fits what else is known when the file is opened. */
  function currentClock(wallMs: number): RetentionClock {
    const stored = prepare('SELECT agedMs, wallMs, owedMs FROM clock').get();
    const clock = stored === undefined ? null : numbersOf(stored, ['agedMs', 'wallMs', 'owedMs']);
    if (isClockChecked && clock !== null) return clock;
    isClockChecked = true;
    const dated = prepare(`SELECT agedMs, createdAtMs FROM transcripts ORDER BY seq DESC LIMIT ${mostCompared}`)
      .all()
      .map((row) => numbersOf(row, ['agedMs', 'createdAtMs']));
    // Those that a wrong clock has dated later than now say nothing of it.
    const possible = dated.filter(({ createdAtMs }) => createdAtMs <= wallMs);
    const sound = clock === null ? null : soundClock(clock, possible);
    if (clock !== null && sound === null) onWrongClock();
    return sound ?? newClock(dated, wallMs);
  }

  /** Too old is what the history's clock and the computer's both say is too old: one of them may be wrong. */
  function deleteSuperfluous(
    { historyDays, historyEntries }: HistoryLimits,
    { agedMs, wallMs }: RetentionClock,
  ): boolean {
    const longestMs = historyDays * dayMs;
    const isOld = 'agedMs < ? AND NOT createdAtMs BETWEEN ? AND ?';
    const aged = historyDays > 0 ? deleteSome(isOld, agedMs - longestMs, wallMs - longestMs, wallMs) : 0;
    const superfluous = 'seq <= (SELECT seq FROM transcripts ORDER BY seq DESC LIMIT 1 OFFSET ?)';
    return Math.max(aged, deleteSome(superfluous, historyEntries)) === mostAtOnce;
  }

  function deleteSome(condition: string, ...values: readonly number[]): number {
    const some = `SELECT seq FROM transcripts WHERE ${condition} ORDER BY seq LIMIT ${mostAtOnce}`;
    return Number(database.prepare(`DELETE FROM transcripts WHERE seq IN (${some})`).run(...values).changes);
  }

  function prepare(sql: string): StatementSync {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  }

  return {
    add: (transcript, limits, times) =>
      inTransaction(database, () => {
        const clock = advance(times);
        insert(transcript, beginningOfAge(clock));
        deleteSuperfluous(limits, clock);
      }),
    find,
    has: (id) => hasStatement.get(id) !== undefined,
    search,
    prune: (limits, times) => inTransaction(database, () => deleteSuperfluous(limits, advance(times))),
    delete: (id) => database.prepare('DELETE FROM transcripts WHERE id = ?').run(id).changes !== 0,
    newest,
    deleteSome: (upToSeq) => deleteSome('seq <= ?', upToSeq),
  };
}

function numbersOf<Name extends string>(row: Row, names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, Number(row[name])])) as Record<Name, number>;
}

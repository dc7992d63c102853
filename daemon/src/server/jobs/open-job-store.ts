import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HearthError } from '../../errors/hearth-error.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { KeptTranscript } from '../history/history.ts';
import { createLogEraser } from '../sqlite/log-eraser.ts';
import { type DatabaseFile, inTransaction, type Migration } from '../sqlite/open-database.ts';
import { openOrReplace, replaceDatabase } from '../sqlite/open-or-replace.ts';
import { isDamage, storageError } from '../sqlite/sqlite-errors.ts';
import { importJournal, lastEndIn } from './import-journal.ts';
import type { Job } from './job.ts';
import { type Row, readStoredJob, requestOf, type StoredJob } from './stored-job.ts';

/** How long a promise waits for another program, such as a backup, to let go of the file. */
const busyLimitMs = 5_000;
const busyPauseMs = 100;
/** Damaged jobs that a warning names, however many there are. */
const mostNamed = 5;
const name = 'the list of jobs';
const remainsSentence =
  'Deleted jobs are not erased from the disk yet, since another program reads the list of jobs. Hearth erases them as soon as that ends.';

const tables = `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    createdAtMs INTEGER NOT NULL,
    request TEXT NOT NULL,
    state TEXT,
    endedSeq INTEGER,
    endedAtMs INTEGER,
    error TEXT,
    result TEXT,
    awaitsHistory INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX jobsByEnd ON jobs (endedSeq) WHERE endedSeq IS NOT NULL;
  CREATE INDEX jobsForHistory ON jobs (seq) WHERE awaitsHistory = 1;
  CREATE TABLE importedJournals (sha256 TEXT PRIMARY KEY) STRICT;
`;

const migrations: readonly Migration[] = [(database) => database.exec(tables)];

export function jobsFile(path: string): DatabaseFile {
  return { path, name, migrations };
}

/** What an end leaves in the file. */
export interface EndRecord {
  /** The text, where the history does not hold it. */
  readonly result: Transcript | null;
  /** Whether the text has still to go into the history. */
  readonly awaitsHistory: boolean;
}

/** Jobs on disk. What is written of a detached job outlives the machine's power, of others the process. */
export interface JobStore {
  /** What the file held when it was opened, in the order of acceptance. */
  readonly jobs: readonly StoredJob[];
  /** Whether jobs may be missing here whose uploads are still there. */
  readonly isIncomplete: boolean;
  /** Resolves when the job is written down. @throws `HOME_BUSY`, `DISK_FULL`, `HOME_NOT_WRITABLE` */
  accept(job: Job): Promise<void>;
  /** Writes a job's end down. @throws as `accept` */
  end(job: Job, record: EndRecord): void;
  /** Lets go of a job, but for a text that the history has still to get. */
  forget(id: string): void;
  /** Deletes all that is kept of jobs, so that nothing of it is left on the disk. @throws as `accept` */
  erase(ids: readonly string[]): void;
  countAwaitingHistory(): number;
  /** Texts that have still to go into the history, the oldest first. */
  awaitingHistory(limit: number): readonly KeptTranscript[];
  /** Says that the history has a text now; lets go of the job where it is `forgotten`. */
  inHistory(id: string, forgotten: boolean): void;
  warnings(): readonly string[];
  close(): Promise<void>;
}

export interface JobStoreRequest {
  readonly path: string;
  /** Where version 0.1 wrote its promises. */
  readonly journalPath: string;
  readonly log: Logger;
  /** Ended jobs that are read; older ones are let go of. */
  readonly maxFinishedJobs: number;
}

/**
 * Opens the file of jobs, making it when there is none. A damaged one is moved aside, and what can be read of it is taken
 * over. What version 0.1 promised is taken over too, once.
 * @throws `HOME_TOO_NEW`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `HOME_BUSY`
 */
export function openJobStore({ path, journalPath, log, maxFinishedJobs }: JobStoreRequest): JobStore {
  const { database, replaced, journal, jobs, damaged, lastEnd: lastKnownEnd } = named(openAndRead);
  const told = [
    ...(replaced === null ? [] : [replacedSentence(replaced)]),
    ...(journal === null ? [] : [journal]),
    ...(damaged.length === 0 ? [] : [damagedSentence(damaged)]),
  ];
  for (const warning of told) log.error({ warning }, 'jobs damaged');
  let lastEnd = lastKnownEnd;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let isDurable = true;
  const eraser = createLogEraser(database);
  // Of what was deleted at the last daemon's end, or just now.
  named(() => eraser.erase());

  function openAndRead() {
    const opened = openOrReplace(jobsFile(path), 'jobs');
    try {
      return { ...opened, ...read(opened.database) };
    } catch (error) {
      opened.database.close();
      if (!isDamage(error)) throw error;
      // It shows in what no check looks at, such as an index beside the rows.
      const replaced = replaceDatabase(jobsFile(path), 'jobs');
      return { ...replaced, ...read(replaced.database) };
    }
  }

  function read(opened: DatabaseSync) {
    const journal = importJournal(opened, journalPath);
    forgetOldest(opened, maxFinishedJobs, log);
    return { journal, ...readJobs(opened), lastEnd: lastEndIn(opened) };
  }

  /** Jobs that come together share a commit: it costs the same for many. */
  async function writeAccepted(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await whileBusy(() => insert(batch.map(({ job }) => job)));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(storageError(error, name));
      }
    }
    writing = null;
  }

  function insert(accepted: readonly Job[]): void {
    const isPromised = accepted.some(({ detached }) => detached);
    write(isPromised, () => {
      const statement = database.prepare(
        'INSERT INTO jobs (id, client, createdAtMs, request) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
      );
      // An attached one may have ended while the file was held.
      for (const job of accepted.filter(({ endedAt }) => endedAt === null)) statement.run(...acceptedValues(job));
    });
  }

  /** A commit that is to outlive the machine's power waits for the disk; any outlives the process. */
  function write(durable: boolean, action: () => void): void {
    if (durable !== isDurable) database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    isDurable = durable;
    inTransaction(database, action);
  }

  return {
    jobs,
    isIncomplete: damaged.length > 0 || replaced !== null,
    accept(job) {
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        writing ??= writeAccepted();
      });
    },
    end(job, { result, awaitsHistory }) {
      const { state, endedAt, error } = job;
      const values = [
        ...[state, ++lastEnd, endedAt?.getTime() ?? null, error === null ? null : JSON.stringify(error)],
        ...[result === null ? null : JSON.stringify(result), awaitsHistory ? 1 : 0],
      ];
      named(() =>
        write(job.detached || awaitsHistory, () =>
          database
            .prepare(
              `INSERT INTO jobs (id, client, createdAtMs, request, state, endedSeq, endedAtMs, error, result, awaitsHistory)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
                 state = excluded.state, endedSeq = excluded.endedSeq, endedAtMs = excluded.endedAtMs,
                 error = excluded.error, result = excluded.result, awaitsHistory = excluded.awaitsHistory`,
            )
            .run(...acceptedValues(job), ...values),
        ),
      );
    },
    forget(id) {
      const sql = 'DELETE FROM jobs WHERE id = ? AND awaitsHistory = 0 RETURNING result IS NOT NULL AS hadText';
      let row: Row | undefined;
      named(() => {
        write(false, () => {
          row = database.prepare(sql).get(id);
        });
        if (row?.['hadText'] === 1) eraser.erase();
      });
    },
    erase(ids) {
      named(() => {
        write(true, () => {
          const statement = database.prepare('DELETE FROM jobs WHERE id = ?');
          for (const id of ids) statement.run(id);
        });
        eraser.erase();
      });
    },
    countAwaitingHistory: () =>
      Number(
        (database.prepare('SELECT count(*) AS count FROM jobs WHERE awaitsHistory = 1').get() as { count: number })
          .count,
      ),
    awaitingHistory(limit) {
      const rows = database
        .prepare('SELECT * FROM jobs WHERE awaitsHistory = 1 AND json_valid(result) ORDER BY seq LIMIT ?')
        .all(limit);
      return rows.map(readStoredJob).flatMap((stored) => (stored === null ? [] : transcriptsOf(stored)));
    },
    inHistory(id, forgotten) {
      const statement = forgotten
        ? 'DELETE FROM jobs WHERE id = ?'
        : 'UPDATE jobs SET awaitsHistory = 0, result = NULL WHERE id = ?';
      named(() => {
        write(false, () => database.prepare(statement).run(id));
        eraser.erase();
      });
    },
    warnings: () => (eraser.hasRemains() ? [...told, remainsSentence] : told),
    async close() {
      await writing;
      eraser.close();
      database.close();
    },
  };
}

interface Waiting {
  readonly job: Job;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function named<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw storageError(error, name);
  }
}

async function whileBusy(action: () => void): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      const isBusy = (storageError(error, name) as HearthError).code === 'HOME_BUSY';
      if (!isBusy || performance.now() - startedAt > busyLimitMs) throw error;
      await delay(busyPauseMs);
    }
  }
}

function acceptedValues(job: Job) {
  return [job.id, job.client, job.createdAt.getTime(), JSON.stringify(requestOf(job))] as const;
}

/** In one step: an earlier daemon may have left many. */
function forgetOldest(database: DatabaseSync, maxFinishedJobs: number, log: Logger): void {
  try {
    database
      .prepare(
        `DELETE FROM jobs WHERE awaitsHistory = 0 AND endedSeq <=
           (SELECT endedSeq FROM jobs WHERE endedSeq IS NOT NULL ORDER BY endedSeq DESC LIMIT 1 OFFSET ?)`,
      )
      .run(maxFinishedJobs);
  } catch (error) {
    log.warn({ err: error }, 'ended jobs not forgotten');
  }
}

function readJobs(database: DatabaseSync): {
  readonly jobs: readonly StoredJob[];
  readonly damaged: readonly string[];
} {
  const statement = database.prepare('SELECT * FROM jobs ORDER BY seq');
  // A damaged number may be larger than what a `number` holds.
  statement.setReadBigInts(true);
  const jobs: StoredJob[] = [];
  const damaged: string[] = [];
  for (const row of statement.iterate()) {
    const job = readStoredJob(row);
    const isDamaged = job === null || (Number(row['awaitsHistory']) === 1 && job.ended?.awaitsHistory === false);
    if (isDamaged) damaged.push(String(row['id']).slice(0, 100));
    if (job !== null) jobs.push(job);
  }
  return { jobs, damaged };
}

function transcriptsOf({ accepted, ended }: StoredJob): readonly KeptTranscript[] {
  if (ended?.result == null) return [];
  const { id, name, createdAt, options } = accepted;
  return [{ id, name, createdAt, options, result: ended.result }];
}

function replacedSentence({
  aside,
  rows,
  isIncomplete,
}: {
  aside: string;
  rows: number;
  isIncomplete: boolean;
}): string {
  const outcome = rows === 0 ? 'begins empty' : `goes on with ${rows} jobs${isIncomplete ? '; others are lost' : ''}`;
  return `The list of jobs was damaged and ${outcome}. The damaged file is kept as ${basename(aside)}.`;
}

function damagedSentence(ids: readonly string[]): string {
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : '';
  return `Damaged jobs were skipped: ${ids.slice(0, mostNamed).join(', ')}${more}.`;
}

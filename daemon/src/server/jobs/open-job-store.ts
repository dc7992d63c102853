import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { HearthError } from '../../errors/hearth-error.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { KeptTranscript } from '../history/history.ts';
import { createLogEraser } from '../sqlite/log-eraser.ts';
import { inTransaction } from '../sqlite/open-database.ts';
import { fileGone } from '../sqlite/sqlite-errors.ts';
import { type DatabasePlace, watchDatabase } from '../sqlite/watch-database.ts';
import type { Job } from './job.ts';
import type { EndRecord, JobStore } from './job-store.ts';
import { type JobsFileRequest, jobsFileName, openJobsFile, inOurWords as throwInOurWords } from './jobs-file.ts';
import { type Row, readStoredJob, requestOf } from './stored-job.ts';

/** How long a promise waits for another program, such as a backup, to release the file. */
const busyLimitMs = 5_000;
const busyPauseMs = 100;
const remainsSentence =
  'Deleted jobs are not erased from the disk yet, since another program reads the list of jobs. Hearth erases them as soon as that ends.';

const acceptStatement =
  'INSERT INTO jobs (id, client, createdAtMs, request) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';
const endStatement = `
  INSERT INTO jobs (id, client, createdAtMs, request, state, endedSeq, endedAtMs, error, result, awaitsHistory)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    state = excluded.state, endedSeq = excluded.endedSeq, endedAtMs = excluded.endedAtMs,
    error = excluded.error, result = excluded.result, awaitsHistory = excluded.awaitsHistory`;
const forgetStatement = 'DELETE FROM jobs WHERE id = ? AND awaitsHistory = 0 RETURNING result IS NOT NULL AS hadText';

interface Waiting {
  readonly job: Job;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens the file of jobs and writes to it. @throws as `openJobsFile` */
export function openJobStore(request: JobsFileRequest): JobStore {
  const { database, jobs, isIncomplete, warnings, ...file } = openJobsFile(request);
  const place = watchDatabase(database, request.path);
  /** Met in use; the next daemon recovers what can be read. */
  let damage: WireError | null = null;
  const inOurWords = <Result>(action: () => Result): Result => {
    try {
      return throwInOurWords(action);
    } catch (error) {
      if ((error as HearthError).code === 'HOME_DAMAGED') damage = toWireError(error);
      throw error;
    }
  };
  const write = createWriter(database, place, inOurWords);
  const eraser = createLogEraser(database);
  // Of what was deleted at the last daemon's end, or just now.
  inOurWords(() => eraser.erase());
  let lastEnd = file.lastEnd;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

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
        for (const { reject } of batch) reject(error);
      }
    }
    writing = null;
  }

  function insert(accepted: readonly Job[]): void {
    const isPromised = accepted.some(({ detached }) => detached);
    write(isPromised, () => {
      const statement = database.prepare(acceptStatement);
      // An attached one may have ended while the file was held.
      for (const job of accepted.filter(({ endedAt }) => endedAt === null)) statement.run(...acceptedValues(job));
    });
  }

  return {
    jobs,
    isIncomplete,
    accept(job) {
      return new Promise((resolve, reject) => {
        waiting.push({ job, resolve, reject });
        writing ??= writeAccepted();
      });
    },
    end(job, record) {
      const isPromised = job.detached || record.awaitsHistory;
      const values = endValues(job, ++lastEnd, record);
      write(isPromised, () => database.prepare(endStatement).run(...acceptedValues(job), ...values));
    },
    forget(id) {
      let row: Row | undefined;
      write(false, () => {
        row = database.prepare(forgetStatement).get(id);
      });
      if (row?.['hadText'] === 1) inOurWords(() => eraser.erase());
    },
    erase(ids) {
      write(true, () => {
        const statement = database.prepare('DELETE FROM jobs WHERE id = ?');
        for (const id of ids) statement.run(id);
      });
      inOurWords(() => eraser.erase());
    },
    withTexts() {
      const rows = inOurWords(() => database.prepare('SELECT id FROM jobs WHERE result IS NOT NULL').all());
      return rows.map((row) => String(row['id']));
    },
    countAwaitingHistory() {
      const statement = 'SELECT count(*) AS count FROM jobs WHERE awaitsHistory = 1';
      const row = inOurWords(() => database.prepare(statement).get());
      return Number(row?.['count']);
    },
    awaitingHistory: (limit) => inOurWords(() => readAwaitingHistory(database, limit)),
    inHistory(moved) {
      write(false, () => {
        const forget = database.prepare('DELETE FROM jobs WHERE id = ?');
        const keep = database.prepare('UPDATE jobs SET awaitsHistory = 0, result = NULL WHERE id = ?');
        const leave = database.prepare('UPDATE jobs SET awaitsHistory = 0 WHERE id = ?');
        for (const { id, isForgotten, isLeft = false } of moved) {
          if (isLeft) leave.run(id);
          else (isForgotten ? forget : keep).run(id);
        }
      });
      // Once for all of them: it waits for the disk. Who deletes one of them later must find nothing left here.
      inOurWords(() => eraser.erase());
    },
    warnings: () => (eraser.hasRemains() ? [...warnings, remainsSentence] : warnings),
    problem: () => damage ?? (place.isInPlace() ? null : toWireError(fileGone(jobsFileName, 'Jobs'))),
    async close() {
      await writing;
      eraser.close();
      database.close();
    },
  };
}

/** Runs transactions. A commit that is to outlive the machine's power waits for the disk; any outlives the process. */
function createWriter(
  database: DatabaseSync,
  place: DatabasePlace,
  inOurWords: typeof throwInOurWords,
): (isDurable: boolean, action: () => void) => void {
  let wasDurable = true;
  return (isDurable, action) =>
    inOurWords(() => {
      place.saveDeletedLog();
      if (isDurable !== wasDurable) database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`);
      wasDurable = isDurable;
      inTransaction(database, action);
    });
}

async function whileBusy(action: () => void): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      action();
      return;
    } catch (error) {
      const isBusy = (error as HearthError).code === 'HOME_BUSY';
      if (!isBusy || performance.now() - startedAt > busyLimitMs) throw error;
      await delay(busyPauseMs);
    }
  }
}

function acceptedValues(job: Job) {
  return [job.id, job.client, job.createdAt.getTime(), JSON.stringify(requestOf(job))] as const;
}

function endValues({ state, endedAt, error }: Job, order: number, { result, awaitsHistory }: EndRecord) {
  return [
    state,
    order,
    endedAt?.getTime() ?? null,
    error === null ? null : JSON.stringify(error),
    result === null ? null : JSON.stringify(result),
    awaitsHistory ? 1 : 0,
  ] as const;
}

function readAwaitingHistory(database: DatabaseSync, limit: number): readonly KeptTranscript[] {
  const statement = database.prepare('SELECT * FROM jobs WHERE awaitsHistory = 1 AND json_valid(result) ORDER BY seq');
  // A damaged number may be larger than what a `number` holds.
  statement.setReadBigInts(true);
  const texts: KeptTranscript[] = [];
  // However many damaged ones come first.
  for (const row of statement.iterate()) {
    const stored = readStoredJob(row);
    if (stored?.ended?.result == null) continue;
    const { id, name, createdAt, options } = stored.accepted;
    if (texts.push({ id, name, createdAt, options, result: stored.ended.result }) === limit) break;
  }
  return texts;
}

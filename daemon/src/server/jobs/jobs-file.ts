import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { shorten } from '../../errors/shorten.ts';
import type { DatabaseFile, Migration } from '../sqlite/open-database.ts';
import { openOrReplace, replaceDatabase, replacedSentence } from '../sqlite/open-or-replace.ts';
import { renumberRows } from '../sqlite/renumber-rows.ts';
import { isDamage, storageError } from '../sqlite/sqlite-errors.ts';
import { importJournal, lastEndIn } from './import-journal.ts';
import { readStoredJob, type StoredJob } from './stored-job.ts';

/** Damaged jobs that a warning names, however many there are. */
const mostNamed = 5;
export const jobsFileName = 'the list of jobs';

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

export interface JobsFileRequest {
  readonly path: string;
  /** Where version 0.1 wrote its promises. */
  readonly journalPath: string;
  readonly log: Logger;
  /** Ended jobs that are read; older ones are deleted. */
  readonly maxFinishedJobs: number;
  /** Those that are not deleted, since somebody waits for their texts. */
  readonly awaited?: readonly string[];
}

export interface JobsFile {
  readonly database: DatabaseSync;
  /** In the order of acceptance. */
  readonly jobs: readonly StoredJob[];
  /** Whether jobs may be missing here whose uploads are still there. */
  readonly isIncomplete: boolean;
  /** The number of the last end; 0 for none. */
  readonly lastEnd: number;
  readonly warnings: readonly string[];
}

export function jobsFile(path: string): DatabaseFile {
  return { path, name: jobsFileName, migrations, recovered: ['jobs'] };
}

/**
 * Opens the file of jobs, making it when there is none. A damaged one is moved aside, and what can be read of it is taken
 * over. What version 0.1 promised is taken over too, once.
 * @throws `HOME_TOO_NEW`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `HOME_BUSY`
 */
export function openJobsFile(request: JobsFileRequest): JobsFile {
  const { database, replaced, journal, jobs, damaged, lastEnd } = inOurWords(() => openAndRead(request));
  const warnings = [
    replaced === null ? null : replacedSentence(replaced, { name: 'The list of jobs', rows: 'jobs' }),
    journal,
    damaged.length === 0 ? null : damagedSentence(damaged),
  ].filter((warning) => warning !== null);
  for (const warning of warnings) request.log.error({ warning }, 'jobs damaged');
  return { database, jobs, isIncomplete: damaged.length > 0 || replaced !== null, lastEnd, warnings };
}

function openAndRead(request: JobsFileRequest) {
  const file = jobsFile(request.path);
  const opened = openOrReplace(file);
  try {
    return { ...opened, ...read(opened.database, request) };
  } catch (error) {
    opened.database.close();
    if (!isDamage(error)) throw error;
    // It shows in what no check looks at, such as an index beside the rows.
    const replaced = replaceDatabase(file);
    return { ...replaced, ...read(replaced.database, request) };
  }
}

function read(database: DatabaseSync, { journalPath, maxFinishedJobs, awaited = [], log }: JobsFileRequest) {
  renumberRows(database, 'jobs');
  renumberEnds(database);
  const journal = importJournal(database, journalPath);
  deleteOldest(database, { maxFinishedJobs, awaited, log });
  return { journal, ...readJobs(database), lastEnd: lastEndIn(database) };
}

/** @throws SQLite's errors about the file of jobs as errors of Hearth */
export function inOurWords<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw storageError(error, jobsFileName);
  }
}

/** Ends with numbers that cannot be count as the last ones. */
function renumberEnds(database: DatabaseSync): void {
  const isWrong = `endedSeq > ${Number.MAX_SAFE_INTEGER}`;
  database.exec(
    `UPDATE jobs SET endedSeq = 1 + (SELECT coalesce(max(endedSeq), 0) FROM jobs WHERE NOT ${isWrong}) WHERE ${isWrong}`,
  );
}

/** In one step: an earlier daemon may have left many. */
function deleteOldest(
  database: DatabaseSync,
  { maxFinishedJobs, awaited, log }: Required<Pick<JobsFileRequest, 'maxFinishedJobs' | 'awaited' | 'log'>>,
): void {
  try {
    database
      .prepare(
        `DELETE FROM jobs WHERE awaitsHistory = 0 AND id NOT IN (SELECT value FROM json_each(?)) AND endedSeq <=
           (SELECT endedSeq FROM jobs WHERE endedSeq IS NOT NULL ORDER BY endedSeq DESC LIMIT 1 OFFSET ?)`,
      )
      .run(JSON.stringify(awaited), maxFinishedJobs);
  } catch (error) {
    log.warn({ err: error }, 'ended jobs not forgotten');
  }
}

function readJobs(database: DatabaseSync) {
  const statement = database.prepare('SELECT * FROM jobs ORDER BY seq');
  // A damaged number may be larger than what a `number` holds.
  statement.setReadBigInts(true);
  const jobs: StoredJob[] = [];
  const damaged: string[] = [];
  for (const row of statement.iterate()) {
    const job = readStoredJob(row);
    const isDamaged = job === null || (Number(row['awaitsHistory']) === 1 && job.ended?.awaitsHistory === false);
    if (isDamaged) damaged.push(shorten(String(row['id'])));
    if (job !== null) jobs.push(job);
  }
  return { jobs, damaged };
}

function damagedSentence(ids: readonly string[]): string {
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : '';
  return `Damaged jobs were skipped: ${ids.slice(0, mostNamed).join(', ')}${more}.`;
}

import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import type { JobStore } from '../../../../daemon/src/server/jobs/job-store.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';
import { openJobStore } from '../../../../daemon/src/server/jobs/open-job-store.ts';
import { pathOf } from '../../../engine/fork-engine.ts';
import { noTimings } from '../../../stand-ins/timings.ts';

let folder: string;
let path: string;
let journalPath: string;
let store: JobStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-store-'));
  path = join(folder, 'jobs.sqlite');
  journalPath = join(folder, 'journal.ndjson');
  open();
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function open(maxFinishedJobs = 100): void {
  store = openJobStore({ path, journalPath, log: pino({ level: 'silent' }), maxFinishedJobs });
}

async function reopen(maxFinishedJobs = 100): Promise<void> {
  await store.close();
  open(maxFinishedJobs);
}

test('a start deletes no ended job whose text somebody waits for, however few are kept', async () => {
  for (const id of ['first', 'awaited', 'last']) endJob(jobOf(id), transcript);
  await store.close();
  store = openJobStore({ path, journalPath, log: pino({ level: 'silent' }), maxFinishedJobs: 0, awaited: ['awaited'] });
  expect(store.jobs.map(({ accepted }) => accepted.id)).toEqual(['awaited']);
});

function jobOf(id: string, detached = true): Job {
  return newJob({
    ...{ id, client: 'me', createdAt: new Date(Date.UTC(2026, 0, 1)), audioPath: `/spool/${id}`, uploaded: true },
    ...{ name: 'talk.mp3', modelFolder: '/model', options: { language: 'en' }, priority: 'bulk' },
    ...{ detached, kept: true },
  });
}

function endJob(job: Job, result: Transcript | null = null, awaitsHistory = false): void {
  job.state = 'done';
  job.endedAt = new Date(Date.UTC(2026, 0, 2));
  store.end(job, { result, awaitsHistory });
}

const transcript: Transcript = {
  ...{ text: ' hello', segments: [], language: 'en', language_probability: null, language_probabilities: null },
  ...{ task: 'transcribe', duration: 2, model: 'base', warnings: [] },
  timings: noTimings,
};

const ids = () => store.jobs.map(({ accepted }) => accepted.id);

/** Changes the file as another program may, or a fault of the disk. */
async function change(sql: string): Promise<void> {
  await store.close();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

test('a job comes back as it was accepted and as it ended', async () => {
  const [a, b] = [jobOf('a'), jobOf('b')];
  await Promise.all([store.accept(a), store.accept(b)]);
  endJob(a, transcript);
  await reopen();
  const { id, client, createdAt, audioPath, uploaded, name, modelFolder, options, priority, detached, kept } = a;
  const accepted = { id, client, createdAt, audioPath, uploaded, name, modelFolder, options, priority, detached, kept };
  expect(store.jobs).toEqual([
    {
      accepted,
      ended: {
        ...{ order: 1, state: 'done', endedAt: new Date(Date.UTC(2026, 0, 2)), error: null },
        ...{ result: transcript, awaitsHistory: false },
      },
    },
    { accepted: { ...accepted, id: 'b', audioPath: '/spool/b' }, ended: null },
  ]);
  expect([store.warnings(), store.isIncomplete]).toEqual([[], false]);
});

test('an attached job that ended while its acceptance waited leaves no unfinished row', async () => {
  const job = jobOf('a', false);
  const accepted = store.accept(job);
  endJob(job);
  store.forget('a');
  await accepted;
  await reopen();
  expect(store.jobs).toEqual([]);
});

test('a text that the history has still to get outlives that its job is forgotten', async () => {
  const job = jobOf('a');
  await store.accept(job);
  endJob(job, transcript, true);
  store.forget('a');
  await reopen(0);
  expect(store.countAwaitingHistory()).toBe(1);
  expect(store.awaitingHistory(10)).toMatchObject([{ id: 'a', name: 'talk.mp3', result: { text: ' hello' } }]);
  store.inHistory([{ id: 'a', isForgotten: true }]);
  await reopen();
  expect([store.jobs, store.countAwaitingHistory()]).toEqual([[], 0]);
});

test('of texts that the history has taken over together nothing is left here, and others still wait', async () => {
  for (const id of ['a', 'b', 'c']) {
    const job = jobOf(id);
    await store.accept(job);
    endJob(job, { ...transcript, text: ` secret-${id}` }, true);
  }
  store.inHistory([
    { id: 'a', isForgotten: true },
    { id: 'b', isForgotten: false },
  ]);
  const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  const left = ['secret-a', 'secret-b', 'secret-c'].filter((secret) => kept.some((text) => text.includes(secret)));
  expect([left, store.countAwaitingHistory()]).toEqual([['secret-c'], 1]);
  await reopen();
  expect(ids()).toEqual(['b', 'c']);
});

test('a promise waits for another program to let go of the file', async () => {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const accepted = store.accept(jobOf('a'));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  other.exec('ROLLBACK');
  other.close();
  await accepted;
  await reopen();
  expect(ids()).toEqual(['a']);
});

test('an end that another program keeps from being written says so', async () => {
  const job = jobOf('a');
  await store.accept(job);
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(() => endJob(job)).toThrow(expect.objectContaining({ code: 'HOME_BUSY' }));
  other.exec('ROLLBACK');
  other.close();
  endJob(job);
});

test.each([
  ['a request that is no JSON', "request = '{'", false],
  ['a request without a recording', "request = '{}'", false],
  ['a state that does not exist', "state = 'asleep'", false],
  ['a time that no calendar has', 'createdAtMs = 9000000000000000', true],
  ['a time that no number holds', `createdAtMs = ${2n ** 63n - 1n}`, true],
  ['an error that is no JSON', "state = 'failed', error = '{'", true],
])('of a row with %s the others are unharmed', async (_, damage, isKept) => {
  for (const id of ['a', 'b', 'c']) await store.accept(jobOf(id));
  await change(`UPDATE jobs SET ${damage} WHERE id = 'b'`);
  open();
  expect(ids()).toEqual(isKept ? ['a', 'b', 'c'] : ['a', 'c']);
  for (const { accepted } of store.jobs) expect(accepted.createdAt.toISOString()).toMatch(/^20/);
  const warning = 'Damaged jobs were skipped: b.';
  expect(store.warnings()).toEqual(isKept ? [] : [warning]);
  expect(store.isIncomplete).toBe(!isKept);
});

test('a broken page costs what was on it, and the file is kept', async () => {
  for (let index = 0; index < 100; index++) {
    await store.accept(jobOf(`job-${index}-${'x'.repeat(300)}`));
  }
  await store.close();
  const file = await readFile(path);
  const page = Math.floor(file.indexOf('"/spool/job-50-') / 4096);
  await writeFile(path, file.fill(0xff, page * 4096, (page + 1) * 4096));
  open();
  expect(ids().length).toBeGreaterThan(85);
  expect(ids().length).toBeLessThan(100);
  expect(store.isIncomplete).toBe(true);
  expect(store.warnings()).toEqual([
    `The list of jobs was damaged and goes on with ${ids().length} jobs; others are lost. The damaged file is kept as jobs.sqlite.damaged-1.`,
  ]);
  await store.accept(jobOf('next'));
});

test.each(['a file that is no database', 'a folder'])('%s in its place is moved aside', async (what) => {
  await store.close();
  rmSync(path);
  if (what === 'a folder') await mkdir(path);
  else await writeFile(path, 'not a database, '.repeat(1000));
  open();
  expect(store.warnings()).toEqual([
    'The list of jobs was damaged and begins empty. The damaged file is kept as jobs.sqlite.damaged-1.',
  ]);
  expect([existsSync(`${path}.damaged-1`), store.isIncomplete]).toEqual([true, true]);
  await store.accept(jobOf('a'));
  await reopen();
  expect([ids(), store.warnings()]).toEqual([['a'], []]);
});

test('a file of a later version is left alone, byte for byte', async () => {
  await store.accept(jobOf('a'));
  await change('PRAGMA user_version = 99');
  const [files, before] = [readdirSync(folder), readFileSync(path)];
  expect(() => open()).toThrow(expect.objectContaining({ code: 'HOME_TOO_NEW' }));
  expect([readdirSync(folder), readFileSync(path)]).toEqual([files, before]);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 1');
  database.close();
  open();
});

function importFixture(): void {
  copyFileSync(pathOf('test/fixtures/home-0.1/journal.ndjson'), journalPath);
  chmodSync(journalPath, 0o600);
}

test('what version 0.1 promised is taken over once, and its journal goes', async () => {
  importFixture();
  await reopen();
  expect(store.jobs.map(({ accepted, ended }) => [accepted.name, accepted.kept, ended?.state ?? null])).toEqual([
    ['ended.flac', true, 'done'],
    ['unkept.flac', false, 'done'],
    ['waiting0.flac', true, null],
    ['waiting1.flac', true, null],
  ]);
  expect(store.jobs[2]?.accepted.createdAt.toISOString()).toBe('2026-11-29T21:40:26.670Z');
  expect(readdirSync(folder).filter((name) => name.startsWith('journal'))).toEqual([]);
  expect(store.warnings()).toEqual([]);
});

test('a process that dies between taking over the journal and removing it does not bring back what has ended', async () => {
  importFixture();
  await reopen();
  const [, , waiting] = store.jobs;
  endJob(newJob(waiting?.accepted as Job), transcript);
  for (const id of ids().slice(0, 3)) store.forget(id);
  importFixture();
  await reopen();
  expect(store.jobs.map(({ accepted }) => accepted.name)).toEqual(['waiting1.flac']);
  expect(existsSync(journalPath)).toBe(false);
});

test.each([
  ['without a table', 'DROP TABLE importedJournals'],
  ['without a column', 'ALTER TABLE jobs DROP COLUMN awaitsHistory'],
  ['with a table of another name', 'ALTER TABLE jobs RENAME TO joks'],
])('a file %s is moved aside, and what can be read of it goes on', async (_, damage) => {
  await store.accept(jobOf('a'));
  await change(`DROP INDEX jobsForHistory; ${damage}`);
  open();
  expect(ids()).toEqual(['a']);
  expect(store.warnings()).toEqual([expect.stringContaining('damaged')]);
  await store.accept(jobOf('b'));
  await reopen();
  expect(ids()).toContain('b');
});

test('texts that wait for the history are given behind any number of damaged ones', async () => {
  for (let count = 0; count < 25; count++) endJob(jobOf(`damaged ${count}`), transcript, true);
  for (const id of ['good', 'better', 'best']) endJob(jobOf(id), transcript, true);
  await change(`UPDATE jobs SET result = '{"text":5}', createdAtMs = 9007199254740993 WHERE id LIKE 'damaged%'`);
  open();
  const waiting = () => store.awaitingHistory(2).map(({ id }) => id);
  expect(waiting()).toEqual(['good', 'better']);
  store.inHistory(waiting().map((id) => ({ id, isForgotten: false })));
  expect(waiting()).toEqual(['best']);
});

test('an index that is damaged does not keep the daemon from starting', async () => {
  const [a, b] = [jobOf('a'), jobOf('b')];
  await Promise.all([store.accept(a), store.accept(b)]);
  endJob(a);
  await store.close();
  const database = new DatabaseSync(path);
  const rootOf = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?');
  const [from, to] = ['jobs', 'jobsByEnd'].map((name) => Number(rootOf.get(name)?.['rootpage']) - 1);
  database.close();
  // SQLite's own quick look finds nothing wrong with it.
  const bytes = await readFile(path);
  const pageBytes = bytes.readUInt16BE(16);
  bytes.copy(bytes, Number(to) * pageBytes, Number(from) * pageBytes, (Number(from) + 1) * pageBytes);
  await writeFile(path, bytes);
  open();
  expect(ids()).toEqual(['a', 'b']);
  expect(store.warnings()).toEqual([expect.stringContaining('damaged')]);
});

test('damaged lines of the journal are skipped and told, and the file is kept', async () => {
  const lines = readFileSync(pathOf('test/fixtures/home-0.1/journal.ndjson'), 'utf8').trim().split('\n');
  const damaged = ['', '{', 'null', '[]', '{"type":"accepted","id":"x"}', '{"type":"ended","id":"y","state":"done"}'];
  const oddTime = lines[4]?.replace('"2026-11-29T21:40:26.670Z"', '"yesterday"');
  await writeFile(journalPath, [...damaged, ...lines.slice(0, 4), oddTime, lines[5], '{"type":"acc'].join('\n'));
  await reopen();
  expect(store.jobs.map(({ accepted }) => accepted.name)).toEqual([
    ...['ended.flac', 'unkept.flac', 'waiting0.flac', 'waiting1.flac'],
  ]);
  expect(store.warnings()).toEqual([
    'The journal of an earlier Hearth had 6 damaged lines. Jobs that could not be read from it are lost. It is kept as journal.ndjson.damaged-1.',
  ]);
  expect(readdirSync(folder)).toContain('journal.ndjson.damaged-1');
});

test('of 100,000 ended jobs of version 0.1 only those are kept that can still be looked at', async () => {
  const [accepted, ended] = readFileSync(pathOf('test/fixtures/home-0.1/journal.ndjson'), 'utf8').split('\n');
  const { id } = JSON.parse(accepted as string) as { id: string };
  const lines = Array.from({ length: 100_000 }, (_, index) => `${accepted}\n${ended}\n`.replaceAll(id, `job-${index}`));
  await writeFile(journalPath, lines.join(''));
  await reopen(3);
  expect(ids()).toEqual(['job-99997', 'job-99998', 'job-99999']);
});

test('nothing is lost when a program deletes the log', async () => {
  await store.accept(jobOf('before'));
  rmSync(`${path}-wal`);
  await store.accept(jobOf('after'));
  expect(store.problem()).toMatchObject({ code: 'HOME_DAMAGED' });
  // What a daemon that is killed now leaves.
  const left = join(folder, 'left.sqlite');
  copyFileSync(path, left);
  const database = new DatabaseSync(left);
  expect(database.prepare('SELECT id FROM jobs ORDER BY id').all()).toEqual([{ id: 'after' }, { id: 'before' }]);
  database.close();
});

test.each([
  "UPDATE jobs SET seq = 9223372036854775807 WHERE id = 'b'",
  "UPDATE jobs SET endedSeq = 9223372036854775807 WHERE id = 'b'",
  "UPDATE jobs SET endedSeq = 1152921504606846976 WHERE id = 'b'",
])('a number that leaves none for others is given up, and no job with it: %s', async (sql) => {
  const jobs = ['a', 'b', 'c'].map((id) => jobOf(id));
  await Promise.all(jobs.map((job) => store.accept(job)));
  for (const job of jobs.slice(0, 2)) endJob(job, transcript);
  await change(sql);
  open();
  expect([...ids()].sort()).toEqual(['a', 'b', 'c']);
  const last = jobOf('d');
  await store.accept(last);
  endJob(last, transcript);
  await reopen(1);
  expect([...ids()].sort()).toEqual(['c', 'd']);
});

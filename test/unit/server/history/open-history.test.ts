import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import type { History, HistoryLimits } from '../../../../daemon/src/server/history/history.ts';
import { historyMigrations } from '../../../../daemon/src/server/history/history-migrations.ts';
import { openHistory } from '../../../../daemon/src/server/history/open-history.ts';
import { pathOf } from '../../../engine/fork-engine.ts';
import { noTimings } from '../../../stand-ins/timings.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

let folder: string;
let path: string;
let limits: HistoryLimits;
let history: History;
let nowMs: number;
/** Time in which the process ran. */
let ranMs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-history-'));
  path = join(folder, 'history.sqlite');
  limits = { historyDays: 0, historyEntries: 100 };
  nowMs = Date.UTC(2026, 0, 1);
  ranMs = 0;
  open();
});

afterEach(async () => {
  history.close();
  await rm(folder, { recursive: true });
});

function open(): void {
  history = openHistory({
    ...{ path, log: pino({ level: 'silent' }), limits: () => limits },
    ...{ now: () => nowMs, monotonicNow: () => ranMs, retryMs: 1 },
  });
}

/** Time passes and the daemon runs. */
function run(milliseconds: number): void {
  nowMs += milliseconds;
  ranMs += milliseconds;
  history.prune();
}

/** One look at a clock that shows another time. */
function misread(wrongDays: number): void {
  nowMs += wrongDays * dayMs;
  history.prune();
  nowMs -= wrongDays * dayMs;
}

/** Changes the file as another program may, or a fault of the disk. */
function change(sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function transcript(text: string): Transcript {
  return {
    ...{ text, segments: [], language: 'en', language_probability: null, language_probabilities: null },
    ...{ task: 'transcribe', duration: 2, model: 'base', warnings: [] },
    timings: noTimings,
  };
}

function add(id: string, text: string, name: string | null = null): void {
  history.add({ id, name, createdAt: new Date(nowMs), options: { language: 'en' }, result: transcript(text) });
}

function found(query: string): readonly string[] {
  return history.search({ query, limit: 50, before: null }).entries.map(({ id }) => id);
}

test('a transcript comes back whole', () => {
  add('a', ' Ask not what your country can do for you.', 'jfk.flac');
  expect(history.find('a')).toEqual({
    ...{ seq: 1, id: 'a', name: 'jfk.flac', createdAt: '2026-01-01T00:00:00.000Z', durationSeconds: 2 },
    ...{ language: 'en', task: 'transcribe', model: 'base', options: { language: 'en' } },
    result: transcript(' Ask not what your country can do for you.'),
  });
  expect(history.find('b')).toBe(null);
});

test('a transcript that is given twice is kept once', () => {
  add('a', 'first');
  add('a', 'second');
  expect(history.search({ query: '', limit: 50, before: null })).toMatchObject({ total: 1 });
  expect(history.find('a')?.result.text).toBe('first');
});

test.each([
  ['country', ['jfk']],
  ['COUNTRY', ['jfk']],
  ['count', ['jfk']],
  ['country fellow', ['jfk']],
  ['country bridge', []],
  ['"your country"', ['jfk']],
  ['"country your"', []],
  ['köln', ['de']],
  ['Koln', ['de']],
  ['天气', ['zh']],
  ['今天天气', ['zh']],
  ['brooklyn.wav', ['named']],
  ['is', ['named', 'de']],
  ['100%', []],
  ['"', ['named', 'zh', 'de', 'jfk']],
  ['words: AND OR NOT NEAR(a)', []],
  ['a*', []],
  ["'; DROP TABLE transcripts; --", []],
  ['zero\0', []],
])('a search for %j finds %j', (query, ids) => {
  add('jfk', ' And so my fellow Americans, ask not what your country can do');
  add('de', 'Köln ist schön');
  add('zh', '今天天气怎么样？');
  add('named', 'How old is the bridge?', 'brooklyn.wav');
  expect(found(query)).toEqual(ids);
});

test('a list shows the words around what was searched for', () => {
  add('a', `${'before '.repeat(100)}needle ${'after '.repeat(100)}`);
  const [entry] = history.search({ query: 'needle', limit: 1, before: null }).entries;
  expect(entry?.excerpt).toMatch(/^… .*needle.* …$/);
  expect(entry?.excerpt.length).toBeLessThan(260);
});

test('pages follow each other without a gap while new transcripts come', () => {
  for (let index = 0; index < 5; index++) add(`old-${index}`, 'text');
  const first = history.search({ query: 'text', limit: 2, before: null });
  add('new', 'text');
  const second = history.search({ query: 'text', limit: 2, before: first.nextBefore });
  const third = history.search({ query: 'text', limit: 2, before: second.nextBefore });
  const ids = [first, second, third].flatMap(({ entries }) => entries.map(({ id }) => id));
  expect(ids).toEqual(['old-4', 'old-3', 'old-2', 'old-1', 'old-0']);
  expect(third.nextBefore).toBe(null);
});

test('what is deleted is found no more', async () => {
  add('a', 'secret words');
  add('b', 'other words');
  expect([history.delete('a'), history.delete('a')]).toEqual([true, false]);
  expect(found('secret')).toEqual([]);
  expect(await history.clear()).toBe(1);
  expect(found('')).toEqual([]);
});

/** Whether the bytes of the history and of the files beside it hold a text. */
async function isOnDisk(text: string): Promise<boolean> {
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return files.some((bytes) => bytes.includes(text));
}

const longText = `beginning ${'of many pages '.repeat(2_000)}end`;

test.each([
  ['one is deleted', () => history.delete('a')],
  ['all are deleted', () => history.clear()],
  [
    'settings keep fewer of them',
    () => {
      limits = { historyDays: 0, historyEntries: 1 };
      history.prune();
    },
  ],
])('no byte of a transcript is left in any file once %s', async (_, remove) => {
  add('a', `secret words, ${longText}`);
  add('b', 'other words');
  expect([await isOnDisk('secret words'), await isOnDisk('pages of many')]).toEqual([true, true]);
  await remove();
  expect([await isOnDisk('secret words'), await isOnDisk('pages of many')]).toEqual([false, false]);
  expect(history.warnings()).toEqual([]);
});

test('a deleted transcript that a reader keeps on the disk is told, and erased once that has ended', async () => {
  add('a', 'secret words');
  const reader = new DatabaseSync(path);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM transcripts').get();
  expect(history.delete('a')).toBe(true);
  expect(history.warnings()).toEqual([expect.stringContaining('not erased from the disk yet')]);
  expect(await isOnDisk('secret words')).toBe(true);
  reader.exec('COMMIT');
  while (history.warnings().length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await isOnDisk('secret words')).toBe(false);
  reader.close();
});

test('only so many are kept, and only so long', () => {
  limits = { historyDays: 30, historyEntries: 2 };
  add('a', 'one');
  add('b', 'two');
  add('c', 'three');
  expect(found('')).toEqual(['c', 'b']);
  expect(found('one')).toEqual([]);
  run(31 * dayMs);
  expect(found('')).toEqual([]);
});

test('many are deleted a few at a time, and one that comes meanwhile stays', async () => {
  for (let i = 0; i < 45; i++) add(`${i}`, 'text');
  const cleared = history.clear();
  expect(history.search({ query: '', limit: 1, before: null }).total).toBe(35);
  add('meanwhile', 'text');
  expect(await cleared).toBe(45);
  expect(found('')).toEqual(['meanwhile']);
});

test('settings that keep fewer delete a few at a time', async () => {
  for (let i = 0; i < 45; i++) add(`${i}`, 'text');
  limits = { historyDays: 0, historyEntries: 1 };
  history.prune();
  expect(history.search({ query: '', limit: 1, before: null }).total).toBe(35);
  while (history.search({ query: '', limit: 1, before: null }).total > 1) await setImmediate();
  expect(found('')).toEqual(['44']);
});

test('a clock that jumps purges nothing, however far and however often', () => {
  limits = { historyDays: 30, historyEntries: 100 };
  for (const id of ['a', 'b', 'c']) add(id, 'text');
  for (const jumpDays of [400, -400, -20_000, 20_000, 36_500, -36_500]) {
    nowMs += jumpDays * dayMs;
    history.prune();
    history.close();
    open();
    add(`after ${jumpDays}`, 'text');
  }
  expect(found('')).toHaveLength(9);
  run(29 * dayMs);
  expect(found('')).toHaveLength(9);
  run(2 * dayMs);
  expect(found('')).toEqual([]);
});

test('a time that a clock showed wrongly for an hour costs a day at most', () => {
  limits = { historyDays: 30, historyEntries: 100 };
  add('a', 'text');
  nowMs += 400 * dayMs;
  run(dayMs / 24);
  nowMs -= 400 * dayMs;
  run(28 * dayMs);
  expect(found('')).toEqual(['a']);
});

test('time in which the computer was off counts, once the daemon has run for a while', () => {
  limits = { historyDays: 30, historyEntries: 100 };
  add('a', 'text');
  history.close();
  nowMs += 40 * dayMs;
  open();
  expect(found('')).toEqual(['a']);
  run(dayMs);
  run(dayMs);
  expect(found('')).toEqual([]);
});

test.each([1, 7, 30, 365])('time off before a transcript was made is no age of it, with %d days', (historyDays) => {
  limits = { historyDays, historyEntries: 100 };
  add('before', 'text');
  history.close();
  nowMs += (historyDays + 5) * dayMs;
  open();
  add('after', 'text');
  // Time enough to pay much of what is owed; then a look at a wrong clock.
  for (let hour = 0; hour < 20; hour++) run(hourMs);
  misread(4000);
  expect(found('')).toContain('after');
  run(historyDays * dayMs - 21 * hourMs);
  expect(found('')).toEqual(['after']);
  run(2 * hourMs);
  expect(found('')).toEqual([]);
});

const wrongDays = [400, -400, 20_000, -20_000];

test.each(wrongDays)('a transcript made while the clock was wrong by %d days stays as long as others', (days) => {
  limits = { historyDays: 30, historyEntries: 100 };
  // As on a computer whose clock is right once it has asked the network.
  nowMs += days * dayMs;
  history.close();
  open();
  add('first', 'text');
  run(60_000);
  nowMs -= days * dayMs;
  run(hourMs);
  nowMs += days * dayMs;
  add('second', 'text');
  nowMs -= days * dayMs;
  for (let day = 0; day < 29; day++) run(dayMs);
  expect(found('')).toEqual(['second', 'first']);
  run(2 * dayMs);
  expect(found('')).toEqual([]);
});

test.each(wrongDays)('one look at a clock that is wrong by %d days deletes nothing before its time', (days) => {
  limits = { historyDays: 30, historyEntries: 100 };
  add('a', 'text');
  for (let hour = 0; hour < 30 * 24 - 1; hour++) {
    run(hourMs);
    if (hour % 20 === 0) misread(days);
  }
  expect(found('')).toEqual(['a']);
  history.close();
  nowMs += days * dayMs;
  open();
  nowMs -= days * dayMs;
  expect(found('')).toEqual(['a']);
  run(2 * hourMs);
  expect(found('')).toEqual([]);
});

test('the order is that in which transcripts came, whatever the clock showed', () => {
  for (const year of [2026, 2040, 1965, 2026]) {
    nowMs = Date.UTC(year, 0, 1);
    add(`${found('').length}`, 'text');
  }
  expect(found('')).toEqual(['3', '2', '1', '0']);
  expect(history.find('2')?.createdAt).toBe('1965-01-01T00:00:00.000Z');
});

test('with a limit of none nothing is kept, and what was there goes', () => {
  add('a', 'one');
  limits = { historyDays: 0, historyEntries: 0 };
  add('b', 'two');
  history.prune();
  expect(found('')).toEqual([]);
});

test('a file that is no database is moved aside, and a fresh one begun', async () => {
  history.close();
  await rm(path);
  await writeFile(path, 'not a database, '.repeat(100));
  open();
  add('a', 'text');
  expect(found('')).toEqual(['a']);
  expect(history.warnings()).toEqual([
    'The history was damaged and begins empty. The damaged file is kept as history.sqlite.damaged-1.',
  ]);
  expect(await readFile(`${path}.damaged-1`, 'utf8')).toBe('not a database, '.repeat(100));
});

test.each(['', '-wal', '-shm'])(
  'a folder in the place of history.sqlite%s is moved aside with what is in it',
  async (ending) => {
    add('a', 'text');
    history.close();
    await rm(path + ending, { force: true });
    await mkdir(path + ending);
    await writeFile(join(path + ending, 'mine.txt'), 'mine');
    open();
    add('b', 'text');
    expect(found('')).toEqual(ending === '' ? ['b'] : ['b', 'a']);
    expect(await readFile(join(`${path}${ending}.damaged-1`, 'mine.txt'), 'utf8')).toBe('mine');
    expect(history.warnings()).toHaveLength(1);
  },
);

test('a pipe in the place of the file holds up nobody', async () => {
  history.close();
  await rm(path);
  execFileSync('mkfifo', [path]);
  open();
  add('a', 'text');
  expect(found('')).toEqual(['a']);
});

test('a second damage finds another name for its file', async () => {
  for (const _ of [1, 2]) {
    history.close();
    await rm(path);
    await writeFile(path, 'not a database, '.repeat(100));
    open();
  }
  expect(await readdir(folder)).toEqual(
    expect.arrayContaining(['history.sqlite.damaged-1', 'history.sqlite.damaged-2']),
  );
});

/** Overwrites the page of the transcripts' table that holds this text. */
async function breakPage(text: string): Promise<void> {
  const file = await readFile(path);
  const page = Math.floor(file.indexOf(text) / 4096);
  file.fill(0xff, page * 4096, (page + 1) * 4096);
  await writeFile(path, file);
}

test('a broken page costs what was on it, and all else is found as before', async () => {
  limits = { historyDays: 0, historyEntries: 1000 };
  for (let index = 0; index < 200; index++) add(`job-${index}`, `text ${index} ${'long '.repeat(200)}`);
  history.close();
  await breakPage('"text 100 long');
  open();
  const ids = history.search({ query: 'long', limit: 200, before: null }).entries.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(190);
  expect(ids.length).toBeLessThan(200);
  expect(ids).not.toContain('job-100');
  expect(history.find('job-99')?.result.text).toContain('text 99 ');
  expect(history.warnings()).toEqual([
    `The history was damaged and goes on with ${ids.length} transcripts; others are lost. The damaged file is kept as history.sqlite.damaged-1.`,
  ]);
  add('a', 'text');
  expect(found('')[0]).toBe('a');
});

test('a database that was cut short is moved aside', async () => {
  for (let index = 0; index < 200; index++) add(`job-${index}`, `text ${'long '.repeat(200)}`);
  history.close();
  await truncate(path, 8192);
  open();
  expect(history.warnings()).toEqual([expect.stringContaining('was damaged and')]);
  add('a', 'text');
  expect(found('')).toContain('a');
});

test('damage that shows while the file is in use is met in the same way', async () => {
  for (let index = 0; index < 200; index++) add(`job-${index}`, `text ${'long '.repeat(4000)}`);
  history.close();
  open();
  const { size } = await stat(path);
  await writeFile(path, Buffer.alloc(size, 7));
  expect(found('')).toEqual([]);
  expect(history.warnings()).toEqual([expect.stringContaining('begins empty')]);
  add('a', 'text');
  expect(found('')).toEqual(['a']);
});

test('damage of a large file that shows while it is opened is met in the same way', async () => {
  for (let index = 0; index < 70; index++) add(`job-${index}`, `text ${index}`);
  // More than is checked as a whole.
  change("UPDATE transcripts SET result = json_set(result, '$.more', hex(zeroblob(500000)))");
  history.close();
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'transcripts'").get()?.['rootpage'];
  database.close();
  const file = openSync(path, 'r+');
  expect(fstatSync(file).size).toBeGreaterThan(64 * 1024 ** 2);
  writeSync(file, Buffer.alloc(512), 0, 512, (Number(root) - 1) * 4096);
  closeSync(file);
  open();
  expect(history.search({ query: '', limit: 1, before: null }).total).toBeGreaterThan(60);
  expect(history.warnings()).toEqual([expect.stringMatching(/was damaged and goes on with \d+ transcripts/)]);
  add('a', 'text');
  expect(found('')[0]).toBe('a');
});

test.each([
  ['options that are no JSON', "options = '{'"],
  ['a result that is no JSON', "result = 'x'"],
  ['a result of another shape', `result = '{"text":1}'`],
  ['segments without times', `result = '{"text":"a","language":"en","segments":[{"text":"a"}]}'`],
  ['a time that no calendar has', 'createdAtMs = 9000000000000000'],
  ['a time that no number holds', `createdAtMs = ${2n ** 63n - 1n}`],
  ['a task that does not exist', "task = 'sing'"],
])('a row with %s is skipped and named, and the others are shown', (_, damage) => {
  add('before', 'text');
  add('damaged', 'text');
  add('after', 'text');
  change(`UPDATE transcripts SET ${damage} WHERE id = 'damaged'`);
  history.close();
  open();
  expect(history.find('damaged')).toBe(null);
  expect(found('')).toEqual(expect.arrayContaining(['after', 'before']));
  const warning =
    'The history holds damaged transcripts, which lists skip: damaged. Delete them with `hearth history delete`.';
  expect(history.warnings()).toEqual([warning]);
  expect(history.delete('damaged')).toBe(true);
  expect(history.warnings()).toEqual([]);
});

test('of many damaged rows a few are named', () => {
  for (let index = 0; index < 8; index++) add(`job-${index}`, 'text');
  change("UPDATE transcripts SET createdAtMs = 9000000000000000 WHERE id <> 'job-3'");
  history.close();
  open();
  expect(found('')).toEqual(['job-3']);
  expect(history.warnings()).toEqual([expect.stringMatching(/skip: job-7, job-6, job-5, job-4, job-2 and 2 more\./)]);
});

test('a table that takes anything is made anew with the rows that it should have taken', async () => {
  for (let index = 0; index < 8; index++) add(`job-${index}`, 'text');
  change(`
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT', ')'), 'NOT NULL', '') WHERE name = 'transcripts';
    PRAGMA writable_schema = RESET;
    UPDATE transcripts SET createdAtMs = NULL, name = x'00ff', text = 1, durationSeconds = 'long' WHERE id <> 'job-3';
  `);
  history.close();
  open();
  expect(found('')).toEqual(['job-3']);
  expect(history.warnings()).toEqual([
    'The history was damaged and goes on with 1 transcripts; others are lost. The damaged file is kept as history.sqlite.damaged-1.',
  ]);
  expect(await readdir(folder)).not.toContain('history.sqlite.damaged-1.copy');
});

test('a history that cannot be opened says so, refuses what it cannot keep, and goes on when it can', async () => {
  history.close();
  path = join(folder, 'missing', 'history.sqlite');
  open();
  expect(() => add('a', 'text')).toThrow(expect.objectContaining({ code: 'HOME_NOT_WRITABLE' }));
  expect(() => found('')).toThrow(expect.objectContaining({ code: 'HOME_NOT_WRITABLE' }));
  expect(history.warnings()).toEqual([expect.stringContaining('The history cannot be used now.')]);
  await mkdir(join(folder, 'missing'));
  add('a', 'text');
  expect(found('')).toEqual(['a']);
  expect(history.warnings()).toEqual([]);
});

test('the warning that the history cannot be used goes when the cause goes, though nobody uses it', async () => {
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(() => add('a', 'text')).toThrow(expect.objectContaining({ code: 'HOME_BUSY' }));
  expect(history.warnings()).toEqual([expect.stringContaining('The history cannot be used now.')]);
  other.exec('ROLLBACK');
  other.close();
  while (history.warnings().length > 0) await setImmediate();
});

test('a history that another program holds refuses what it cannot keep, shows what it has, and goes on afterwards', () => {
  add('a', 'text');
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(() => add('b', 'text')).toThrow(expect.objectContaining({ code: 'HOME_BUSY' }));
  expect(() => history.delete('a')).toThrow(expect.objectContaining({ code: 'HOME_BUSY' }));
  expect(found('')).toEqual(['a']);
  other.exec('ROLLBACK');
  other.close();
  add('b', 'text');
  expect(found('')).toEqual(['b', 'a']);
});

test('a history of a later version is left alone, byte for byte', async () => {
  add('a', 'text');
  history.close();
  change('PRAGMA user_version = 99');
  const files = await readdir(folder);
  const before = await readFile(path);
  expect(() => open()).toThrow(expect.objectContaining({ code: 'HOME_TOO_NEW' }));
  expect(await readFile(path)).toEqual(before);
  expect(await readdir(folder)).toEqual(files);
});

test('the history of version 0.1 is taken over whole, and ages as if it had always been so', async () => {
  history.close();
  await copyFile(pathOf('test/fixtures/home-0.1/history.sqlite'), path);
  await chmod(path, 0o600);
  nowMs = Date.UTC(2036, 0, 1);
  limits = { historyDays: 30, historyEntries: 100 };
  open();
  expect(history.search({ query: 'americans', limit: 50, before: null }).entries).toMatchObject([
    { name: 'ended.flac', createdAt: '2026-11-29T21:40:22.898Z' },
    { name: 'jfk.flac', createdAt: '2026-11-29T21:40:21.769Z' },
  ]);
  expect(history.find('7572718a-346d-4eca-a4bb-96742329e07e')?.result.segments).toHaveLength(1);
  expect(history.warnings()).toEqual([]);
  for (let day = 0; day < 31; day++) run(dayMs);
  expect(found('')).toEqual([]);
});

test('of the times in a history of version 0.1 none is believed to be a gap of more than a month', async () => {
  history.close();
  await copyFile(pathOf('test/fixtures/home-0.1/history.sqlite'), path);
  await chmod(path, 0o600);
  // The clock was wrong by ten years at the first transcript.
  change("UPDATE transcripts SET createdAtMs = 1480000000000 WHERE name = 'jfk.flac'");
  limits = { historyDays: 365, historyEntries: 100 };
  nowMs = Date.UTC(2026, 10, 30);
  open();
  run(300 * dayMs);
  expect(found('')).toHaveLength(2);
  run(40 * dayMs);
  expect(found('')).toEqual(['7572718a-346d-4eca-a4bb-96742329e07e']);
});

test.each(['-wal', '-shm'])('nothing is lost when a program deletes the log %s', async (ending) => {
  add('before', 'hello');
  await rm(`${path}${ending}`);
  add('after', 'hello');
  expect(history.problem()).toMatchObject({ code: 'HOME_DAMAGED' });
  // What a daemon that is killed now leaves.
  const left = join(folder, 'left.sqlite');
  await copyFile(path, left);
  const database = new DatabaseSync(left);
  expect(database.prepare('SELECT id FROM transcripts ORDER BY seq').all()).toEqual([
    { id: 'before' },
    { id: 'after' },
  ]);
  database.close();
});

/** Two transcripts of today, whose file is changed before it is opened again. */
function reopenWith(sql: string): void {
  add('one', 'first words');
  add('two', 'second words');
  history.close();
  change(sql);
  limits = { historyDays: 365, historyEntries: 100 };
  open();
}

test.each([
  'UPDATE clock SET agedMs = agedMs + (1 << 35)',
  'UPDATE clock SET agedMs = agedMs + (1 << 45)',
  'UPDATE clock SET agedMs = 9223372036854775000',
  'UPDATE clock SET owedMs = -9223372036854775000',
  'UPDATE clock SET owedMs = 1 << 45',
  'UPDATE clock SET wallMs = 9223372036854775000',
])('a clock that cannot be deletes nothing, is told, and begins anew: %s', (sql) => {
  reopenWith(sql);
  expect(found('')).toEqual(['two', 'one']);
  expect(history.warnings()).toEqual([expect.stringContaining('The age of the history was damaged')]);
  add('three', 'third words');
  expect(found('')).toEqual(['three', 'two', 'one']);
  run(366 * dayMs);
  expect(found('')).toEqual([]);
});

const wrongBits = ['agedMs', 'wallMs', 'owedMs'].flatMap((column) =>
  [30, 36, 37, 38, 40, 50, 62].map((bit) => [column, bit] as const),
);

test.each(wrongBits)('a wrong bit in %s of the clock, bit %d, deletes nothing before its time', (column, bit) => {
  limits = { historyDays: 30, historyEntries: 100 };
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    add(id, 'text');
    run(4 * dayMs);
  }
  const ids = found('');
  const value = `${column} | (1 << ${bit})`;
  const flip = `UPDATE clock SET ${column} = (${value}) - (${column} & (1 << ${bit}))`;
  for (const isOpen of [true, false]) {
    if (!isOpen) history.close();
    change(flip);
    if (!isOpen) open();
    for (let hour = 0; hour < 96; hour++) run(hourMs);
    expect(found('')).toEqual(ids);
  }
});

test('a history whose clock owes a holiday is taken over with what its transcripts do not owe', () => {
  history.close();
  rmSync(path);
  const database = new DatabaseSync(path);
  for (const step of historyMigrations.slice(0, 2)) step(database);
  database.exec('PRAGMA user_version = 2');
  const insert = database.prepare(
    `INSERT INTO transcripts (id, createdAtMs, durationSeconds, language, task, model, options, text, result, agedMs)
     VALUES (?, ?, 2, 'en', 'transcribe', 'base', '{}', 'text', ?, ?)`,
  );
  const result = JSON.stringify(transcript('text'));
  insert.run('before', nowMs - 40 * dayMs, result, 0);
  insert.run('after', nowMs - hourMs, result, hourMs);
  database.prepare('INSERT INTO clock VALUES (1, ?, ?, ?)').run(2 * hourMs, nowMs, 40 * dayMs);
  database.close();
  limits = { historyDays: 30, historyEntries: 100 };
  open();
  for (let hour = 0; hour < 48; hour++) run(hourMs);
  misread(400);
  expect(found('')).toEqual(['after']);
  run(27 * dayMs);
  expect(found('')).toEqual(['after']);
  run(dayMs);
  expect(found('')).toEqual([]);
  expect(history.warnings()).toEqual([]);
});

test('a clock that fits is believed, also after months in which the computer was off or its clock went back', () => {
  reopenWith('SELECT 1');
  for (const wallMs of [200 * dayMs, -400 * dayMs, 300 * dayMs]) {
    history.close();
    nowMs += wallMs;
    open();
    expect([found(''), history.warnings()]).toEqual([['two', 'one'], []]);
  }
});

test.each([
  'UPDATE transcripts SET seq = 9223372036854775807 WHERE seq = 2',
  'UPDATE sqlite_sequence SET seq = 9223372036854775807',
])('a number that leaves none for others is given up: %s', (sql) => {
  reopenWith(sql);
  add('three', 'third words');
  expect([found(''), found('second'), found('third')]).toEqual([['three', 'two', 'one'], ['two'], ['three']]);
});

import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { History, HistoryLimits } from '../../../daemon/src/history/history.ts';
import { openHistory } from '../../../daemon/src/history/open-history.ts';
import type { WireTranscript } from '../../../daemon/src/messages/wire-transcript.ts';
import { noWireTimings } from '../../stand-ins/timings.ts';

const dayMs = 86_400_000;

let folder: string;
let path: string;
let limits: HistoryLimits;
let history: History;
let nowMs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-history-'));
  path = join(folder, 'history.sqlite');
  limits = { historyDays: 0, historyEntries: 100 };
  nowMs = Date.UTC(2026, 0, 1);
  open();
});

afterEach(async () => {
  history.close();
  await rm(folder, { recursive: true });
});

function open(): void {
  history = openHistory({ path, log: pino({ level: 'silent' }), limits: () => limits, now: () => nowMs });
}

function transcript(text: string): WireTranscript {
  return {
    ...{ text, segments: [], language: 'en', language_probability: null, language_probabilities: null },
    ...{ task: 'transcribe', duration: 2, model: 'base', warnings: [] },
    timings: noWireTimings,
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

test('what is deleted is found no more, nor is a trace of it left in the file', async () => {
  add('a', 'secret words');
  add('b', 'other words');
  expect([history.delete('a'), history.delete('a')]).toEqual([true, false]);
  expect(found('secret')).toEqual([]);
  expect(history.clear()).toBe(1);
  expect(found('')).toEqual([]);
});

test('only so many are kept, and only so long', () => {
  limits = { historyDays: 30, historyEntries: 2 };
  add('a', 'one');
  add('b', 'two');
  add('c', 'three');
  expect(found('')).toEqual(['c', 'b']);
  expect(found('one')).toEqual([]);
  nowMs += 31 * dayMs;
  history.prune();
  expect(found('')).toEqual([]);
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
  expect(history.warnings()).toEqual([expect.stringContaining(`what is left of it is ${path}.damaged-${nowMs}.`)]);
  expect(await readdir(folder)).toContain(`history.sqlite.damaged-${nowMs}`);
});

test('a database with a broken page is moved aside', async () => {
  for (let index = 0; index < 200; index++) add(`job-${index}`, `text ${'long '.repeat(200)}`);
  history.close();
  await truncate(path, 8192);
  open();
  expect(history.warnings()).toEqual([expect.stringContaining('begins anew')]);
  add('a', 'text');
  expect(found('')).toEqual(['a']);
});

test('damage that shows while the file is in use is met in the same way', async () => {
  for (let index = 0; index < 200; index++) add(`job-${index}`, `text ${'long '.repeat(4000)}`);
  history.close();
  open();
  const { size } = await stat(path);
  await writeFile(path, Buffer.alloc(size, 7));
  expect(history.find('job-0')).toBe(null);
  expect(history.warnings()).toEqual([expect.stringContaining('begins anew')]);
  add('a', 'text');
  expect(found('')).toEqual(['a']);
});

test('a history that cannot be opened keeps nothing and says so', () => {
  history.close();
  path = join(folder, 'missing', 'history.sqlite');
  open();
  add('a', 'text');
  expect(history.find('a')).toBe(null);
  expect(history.warnings()).toEqual([expect.stringContaining('nothing is kept')]);
});

test('a history of a later version is left alone', () => {
  history.close();
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  open();
  add('a', 'text');
  expect(history.warnings()).toEqual([expect.stringContaining('Expected version 1, got 99')]);
});

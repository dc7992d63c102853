import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDatabase } from '../../../../daemon/src/server/sqlite/open-database.ts';
import { openOrReplace } from '../../../../daemon/src/server/sqlite/open-or-replace.ts';
import { damageDatabase } from '../../../e2e/support/damage-databases.ts';
import { randomNumbers } from '../../../e2e/support/random-numbers.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-damaged-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const table =
  'CREATE TABLE notes (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL) STRICT';

function fileOf(name = 'notes.sqlite') {
  return {
    path: join(folder, name),
    name: 'the notes',
    migrations: [(database: DatabaseSync) => database.exec(table)],
    recovered: ['notes'] as const,
  };
}

/** A closed file with so many notes of half a page, so that the table has pages above those with its rows. */
function makeNotes(count: number): Buffer {
  const database = openDatabase(fileOf());
  for (let index = 0; index < count; index++) {
    database.prepare('INSERT INTO notes (id, text) VALUES (?, ?)').run(`id-${index}`, `${index} ${'x'.repeat(1500)}`);
  }
  database.close();
  return readFileSync(fileOf().path);
}

function openNotes() {
  const { database, replaced } = openOrReplace(fileOf());
  const rows = database.prepare('SELECT seq, id, text FROM notes ORDER BY seq').all();
  database.close();
  return { rows, replaced };
}

test.each(['jobs.sqlite', 'history.sqlite'] as const)(
  'a wrong byte in the first page of %s loses no row',
  async (file) => {
    const outcome = await damageDatabase({ file, rows: 10, tries: 20, random: randomNumbers(3), before: 4096 });
    expect(outcome).toMatchObject({ lostRows: 0, changedRows: 0 });
  },
);

// The last commit of a log cannot be told from one that the end of the machine's power cut short.
test.each([
  ['jobs.sqlite', 2, 1e9],
  ['history.sqlite', 1, 1e9],
  ['jobs.sqlite-wal', 1, 200_000],
  ['history.sqlite-wal', 1, 400_000],
] as const)(
  'a wrong byte anywhere in %s loses few rows at most, and never without a word',
  async (file, most, before) => {
    const outcome = await damageDatabase({ file, rows: 20, tries: 10, random: randomNumbers(5), before });
    expect(outcome.silentTries).toBe(0);
    expect(outcome.mostLostAtOnce).toBeLessThanOrEqual(most);
  },
);

test('without a first page, or a page between a table and its rows, every row is still there', () => {
  const bytes = makeNotes(300);
  const between = bytes.findIndex((byte, index) => index % 4096 === 0 && byte === 5);
  expect(between).toBeGreaterThan(0);
  for (const start of [0, between]) {
    for (const leftover of readdirSync(folder)) rmSync(join(folder, leftover));
    writeFileSync(fileOf().path, Buffer.from(bytes).fill(0xee, start, start + 4096));
    const { rows, replaced } = openNotes();
    expect(rows).toHaveLength(300);
    expect(rows.at(-1)).toEqual({ seq: 300, id: 'id-299', text: `299 ${'x'.repeat(1500)}` });
    expect(replaced?.rows).toBe(300);
  }
});

test('a table of another meaning, which SQLite finds sound, is made anew', () => {
  const bytes = makeNotes(3);
  const place = bytes.indexOf('text TEXT NOT NULL');
  writeFileSync(fileOf().path, Buffer.from(bytes).fill('next', place, place + 4));
  const { rows, replaced } = openNotes();
  expect(rows).toHaveLength(3);
  expect(replaced).toMatchObject({ rows: 3, isIncomplete: false });
});

test('a daemon that dies between taking over rows and putting them in place loses none', () => {
  const bytes = makeNotes(5);
  writeFileSync(fileOf().path, Buffer.from(bytes).fill(0xee, 0, 100));
  openNotes();
  // As it lies between the two steps: the damaged file still there, the sound one beside it.
  renameSync(fileOf().path, join(folder, '.notes.sqlite.recovered-by-hearth'));
  renameSync(`${fileOf().path}.damaged-1`, fileOf().path);
  const { rows, replaced } = openNotes();
  expect([rows.length, replaced?.rows]).toEqual([5, 5]);
  expect(existsSync(`${fileOf().path}.damaged-1`)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['notes.sqlite', 'notes.sqlite.damaged-1']);
});

test('what its owner has beside a damaged database stays as it is', () => {
  const bytes = makeNotes(5);
  writeFileSync(fileOf().path, Buffer.from(bytes).fill(0xee, 0, 100));
  const own = ['copy', 'salvaged', 'unfinished-wal'].map((ending) => `notes.sqlite.${ending}`);
  for (const name of own) writeFileSync(join(folder, name), `my ${name}`);
  mkdirSync(join(folder, 'notes.sqlite.unfinished'));
  writeFileSync(join(folder, 'notes.sqlite.unfinished', 'note.txt'), 'mine');
  mkdirSync(join(folder, '.recovering-mine'));
  writeFileSync(join(folder, '.notes.sqlite.recovered-by-hearth'), 'no database');
  expect(openNotes()).toMatchObject({ replaced: { rows: 5 } });
  for (const name of own) expect(readFileSync(join(folder, name), 'utf8')).toBe(`my ${name}`);
  expect(readFileSync(join(folder, 'notes.sqlite.unfinished', 'note.txt'), 'utf8')).toBe('mine');
  expect(readFileSync(join(folder, '.notes.sqlite.recovered-by-hearth.damaged-1'), 'utf8')).toBe('no database');
  expect(readdirSync(folder).filter((name) => name.startsWith('.recovering-'))).toEqual(['.recovering-mine']);
  expect(openNotes()).toMatchObject({ replaced: null });
});

test('what a daemon left that was killed while it recovered a database is removed', () => {
  makeNotes(1);
  mkdirSync(join(folder, '.recovering-aB3dE6'));
  writeFileSync(join(folder, '.recovering-aB3dE6', 'copy'), 'half a copy');
  openNotes();
  expect(readdirSync(folder)).toEqual(['notes.sqlite']);
});

test.each(['ignore', "abort, 'no'"])(
  'a trigger of somebody else that says raise(%s) is not left to refuse rows',
  (raise) => {
    makeNotes(3);
    const database = new DatabaseSync(fileOf().path);
    database.exec(`CREATE TRIGGER theirs BEFORE INSERT ON notes BEGIN SELECT raise(${raise}); END`);
    database.close();
    const { rows, replaced } = openNotes();
    expect([rows.length, replaced]).toMatchObject([3, { rows: 3, isIncomplete: false }]);
    const again = openDatabase(fileOf());
    again.exec("INSERT INTO notes (id, text) VALUES ('new', '')");
    expect(again.prepare('SELECT count(*) AS count FROM notes').get()).toEqual({ count: 4 });
    again.close();
  },
);

test('a link that leads to itself in the place of a database is moved aside', () => {
  symlinkSync(fileOf().path, fileOf().path);
  expect(openNotes()).toMatchObject({ rows: [], replaced: { rows: 0, isIncomplete: true } });
  expect(readdirSync(folder).sort()).toEqual(['notes.sqlite', 'notes.sqlite.damaged-1']);
});

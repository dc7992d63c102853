import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
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
  const { database, replaced } = openOrReplace(fileOf(), 'notes');
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
  renameSync(fileOf().path, `${fileOf().path}.salvaged`);
  renameSync(`${fileOf().path}.damaged-1`, fileOf().path);
  const { rows, replaced } = openNotes();
  expect([rows.length, replaced?.rows]).toEqual([5, 5]);
  expect(existsSync(`${fileOf().path}.damaged-1`)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['notes.sqlite', 'notes.sqlite.damaged-1']);
});

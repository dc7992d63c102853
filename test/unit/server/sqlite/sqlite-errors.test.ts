import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { storageError } from '../../../../daemon/src/server/sqlite/sqlite-errors.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-sqlite-'));
  path = join(folder, 'a.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE a (b)');
  database.close();
});

afterEach(() => rmSync(folder, { recursive: true }));

function thrownBy(action: (database: DatabaseSync) => void, readOnly = false): unknown {
  try {
    action(new DatabaseSync(path, { readOnly }));
  } catch (error) {
    return storageError(error, 'the history');
  }
  return null;
}

const insert = 'INSERT INTO a VALUES (zeroblob(100000))';

test('what SQLite says is named, without its words or the path', () => {
  expect(thrownBy((database) => database.exec(insert), true)).toMatchObject({
    ...{ code: 'HOME_NOT_WRITABLE', message: 'The disk takes no writes to the history.' },
  });
  expect(thrownBy((database) => database.exec(`PRAGMA max_page_count = 3; ${insert}`))).toMatchObject({
    ...{ code: 'DISK_FULL', message: 'The disk has no room for the history.' },
  });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(thrownBy((database) => database.exec(insert))).toMatchObject({
    ...{ code: 'HOME_BUSY', message: 'Another program holds the history.' },
  });
  other.close();
  writeFileSync(path, 'not a database, '.repeat(1000));
  expect(thrownBy((database) => database.exec(insert))).toMatchObject({
    ...{ code: 'HOME_DAMAGED', message: 'The file of the history is damaged.' },
  });
  path = join(folder, 'missing', 'a.sqlite');
  expect(thrownBy(() => undefined)).toMatchObject({ code: 'HOME_NOT_WRITABLE' });
});

test('any other error stays what it is', () => {
  const error = new TypeError('a fault of ours');
  expect(storageError(error, 'the history')).toBe(error);
  expect(thrownBy((database) => database.exec('SELECT'))).not.toHaveProperty('hint');
});

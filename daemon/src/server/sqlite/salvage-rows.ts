import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { statusOf } from './move-aside.ts';
import { inTransaction } from './open-database.ts';
import { pageBytes, writeReadableCopy } from './readable-copy.ts';
import { inRecoveryFolder } from './recovery-folder.ts';

export interface Salvaged {
  readonly rows: number;
  /** Pages that once held something else, and rows that could not be read. */
  readonly unreadable: number;
}

/** https://www.sqlite.org/fileformat2.html#b_tree_pages: the first byte of a page; 0 for other pages. */
const tableLeaf = 13;
const otherKinds = new Set([0, 2, 5, 10]);
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_ROWID */
const duplicateCodes = new Set([1555, 2067, 2579]);

/**
 * Copies the readable rows of one table from a damaged database into a new one. It only relies on the pages that hold
 * the rows: each is read as if it were a table, so neither a damaged header nor a damaged page between the table and
 * its rows loses any.
 */
export function salvageRows(damagedPath: string, table: string, into: DatabaseSync): Salvaged {
  // Opening a pipe would wait for a writer.
  if (statusOf(damagedPath)?.isFile() !== true) return { rows: 0, unreadable: 0 };
  const columns = columnsOf(into, table);
  return inRecoveryFolder(damagedPath, (folder) => {
    const copyPath = join(folder, 'copy');
    const kinds = writeReadableCopy(
      damagedPath,
      copyPath,
      `CREATE TABLE ${table} (${columns.map(definition).join(', ')})`,
    );
    const leaves = kinds.flatMap((kind, index) =>
      index > 0 && !otherKinds.has(kind) ? [{ kind, page: index + 1 }] : [],
    );
    const misnamed = leaves.filter(({ kind }) => kind !== tableLeaf).map(({ page }) => page);
    nameLeaves(copyPath, misnamed);
    const { rows, unreadable } = copyLeaves(copyPath, {
      ...{ table, into },
      columns: columns.map(({ name }) => name),
      pages: leaves.map(({ page }) => page),
    });
    return { rows, unreadable: unreadable + misnamed.length };
  });
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly dflt_value: string | null;
  readonly pk: number;
}

function columnsOf(database: DatabaseSync, table: string): readonly Column[] {
  const rows = database.prepare(`SELECT name, type, dflt_value, pk FROM pragma_table_info('${table}')`).all();
  return rows as unknown as readonly Column[];
}

/** Columns are only ever added at the end, so the current ones can read older rows too. */
function definition({ name, type, dflt_value, pk }: Column): string {
  return `${name} ${type}${pk === 1 ? ' PRIMARY KEY' : ''}${dflt_value === null ? '' : ` DEFAULT ${dflt_value}`}`;
}

/** A page whose first byte is damaged is read as a page with rows. */
function nameLeaves(path: string, pages: readonly number[]): void {
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, Buffer.of(tableLeaf), 0, 1, (page - 1) * pageBytes);
  closeSync(file);
}

type Row = readonly SQLInputValue[];

interface Leaves {
  readonly table: string;
  readonly columns: readonly string[];
  readonly pages: readonly number[];
  readonly into: DatabaseSync;
}

function copyLeaves(copyPath: string, { table, columns, pages, into }: Leaves): Salvaged {
  const places = columns.map(() => '?').join(', ');
  const write = into.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
  const copy = new DatabaseSync(copyPath);
  let rows = 0;
  let unreadable = 0;
  try {
    copy.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA writable_schema = ON;');
    inTransaction(into, () => {
      for (const page of pages) {
        copy.exec(`UPDATE sqlite_schema SET rootpage = ${page}; PRAGMA writable_schema = RESET;`);
        copy.exec('PRAGMA writable_schema = ON');
        const found = readRows(copy, table, columns);
        unreadable += found.unreadable;
        const outcomes = found.rows.map((row) => insert(write, row));
        const taken = outcomes.filter((outcome) => outcome === 'taken').length;
        rows += taken;
        // If no row can be used, the page belongs to another table.
        if (taken > 0) unreadable += outcomes.filter((outcome) => outcome === 'refused').length;
      }
    });
    return { rows, unreadable };
  } finally {
    copy.close();
  }
}

/** Rows of other tables lack required columns, and a page may be there twice. */
function insert(write: StatementSync, row: Row): 'taken' | 'known' | 'refused' {
  try {
    write.run(...row);
    return 'taken';
  } catch (error) {
    return duplicateCodes.has((error as { errcode?: number }).errcode ?? 0) ? 'known' : 'refused';
  }
}

/** A row that cannot be read does not end the page: its other rows are read too, also from the other end. */
function readRows(copy: DatabaseSync, table: string, columns: readonly string[]) {
  const [key = ''] = columns;
  const keys = new Set<SQLInputValue>();
  const isWhole = readKeys(copy, `SELECT ${key} FROM ${table}`, keys);
  if (!isWhole) readKeys(copy, `SELECT ${key} FROM ${table} ORDER BY ${key} DESC`, keys);
  const read = prepare(copy, `SELECT ${columns.join(', ')} FROM ${table} WHERE ${key} = ?`);
  const rows = [...keys].map((each) => readRow(read, each));
  return {
    rows: rows.filter((row) => row !== null),
    unreadable: rows.filter((row) => row === null).length + (isWhole ? 0 : 1),
  };
}

function readKeys(copy: DatabaseSync, sql: string, keys: Set<SQLInputValue>): boolean {
  try {
    for (const row of prepare(copy, sql).iterate() as Iterable<unknown>) keys.add((row as [SQLInputValue])[0]);
    return true;
  } catch {
    return false;
  }
}

function readRow(read: StatementSync, key: SQLInputValue): Row | null {
  try {
    return (read.get(key) as Row | undefined) ?? null;
  } catch {
    return null;
  }
}

function prepare(copy: DatabaseSync, sql: string): StatementSync {
  const statement = copy.prepare(sql);
  // A damaged number may be too large for a `number`.
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return statement;
}

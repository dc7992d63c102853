import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './open-database.ts';

/** Rows that are looked for in a damaged file, from the last one back: each costs a few microseconds. */
const mostProbes = 200_000;
/** Where not even the last row's number can be read. */
const unknownLast = 20_000;

export interface Salvaged {
  readonly rows: number;
  /** Rows that are known to be there and could not be read. */
  readonly unreadable: number;
}

/** Takes over what can be read of one table of a damaged database, row by row, into a sound one. */
export function salvageRows(damagedPath: string, table: string, into: DatabaseSync): Salvaged {
  // To open a pipe waits for somebody who writes into it.
  if (statSync(damagedPath, { throwIfNoEntry: false })?.isFile() !== true) return nothing;
  let damaged: DatabaseSync | null = null;
  try {
    damaged = new DatabaseSync(damagedPath, { readOnly: true });
    const known = new Set(columnsOf(into, table));
    const columns = columnsOf(damaged, table).filter((column) => known.has(column));
    return columns.length === 0 ? nothing : copyRows({ damaged, table, columns, into });
  } catch {
    return nothing;
  } finally {
    closeQuietly(damaged);
  }
}

const nothing: Salvaged = { rows: 0, unreadable: 0 };

interface Copy {
  readonly damaged: DatabaseSync;
  readonly table: string;
  readonly columns: readonly string[];
  readonly into: DatabaseSync;
}

function copyRows({ damaged, table, columns, into }: Copy): Salvaged {
  const read = damaged.prepare(`SELECT ${columns.join(', ')} FROM ${table} WHERE seq = ?`);
  const places = columns.map(() => '?').join(', ');
  const write = into.prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
  const { first, last } = rangeOf(damaged, table);
  let rows = 0;
  let unreadable = 0;
  inTransaction(into, () => {
    for (let seq = Math.max(first, last - mostProbes); seq <= last; seq++) {
      try {
        const row = read.get(seq);
        if (row !== undefined) rows += Number(write.run(...Object.values(row)).changes);
      } catch {
        unreadable++;
      }
    }
  });
  return { rows, unreadable };
}

function rangeOf(damaged: DatabaseSync, table: string): { readonly first: number; readonly last: number } {
  const first = numberOf(damaged, `SELECT seq AS number FROM ${table} ORDER BY seq LIMIT 1`);
  const last =
    numberOf(damaged, `SELECT seq AS number FROM ${table} ORDER BY seq DESC LIMIT 1`) ??
    numberOf(damaged, `SELECT seq AS number FROM sqlite_sequence WHERE name = '${table}'`);
  return { first: first ?? 1, last: last ?? unknownLast };
}

function numberOf(database: DatabaseSync, sql: string): number | null {
  try {
    return (database.prepare(sql).get() as { number: number } | undefined)?.number ?? null;
  } catch {
    return null;
  }
}

function columnsOf(database: DatabaseSync, table: string): readonly string[] {
  return database
    .prepare(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => String(name));
}

function closeQuietly(database: DatabaseSync | null): void {
  try {
    database?.close();
  } catch {
    // It stays as it is.
  }
}

import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './open-database.ts';

/** No table has so many rows: a wrong bit in one number would leave none for the rows that come. */
const highest = Number.MAX_SAFE_INTEGER;

/** Gives rows whose `seq` cannot be the next free numbers; whether there were any. @throws SQLite's errors */
export function renumberRows(database: DatabaseSync, table: string): boolean {
  const isWrong = `(seq > ${highest} OR seq < 1)`;
  const found = database
    .prepare(
      `SELECT (SELECT count(*) FROM ${table} WHERE ${isWrong}) AS rows,
        (SELECT count(*) FROM sqlite_sequence WHERE name = ? AND seq > ${highest}) AS last`,
    )
    .get(table);
  if (found?.['rows'] === 0 && found['last'] === 0) return false;
  const columns = database
    .prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name <> 'seq'`)
    .all()
    .map(({ name }) => String(name))
    .join(', ');
  inTransaction(database, () => {
    database.exec(`
      CREATE TEMP TABLE moved AS SELECT * FROM ${table} WHERE ${isWrong};
      DELETE FROM ${table} WHERE ${isWrong};
      UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(seq), 0) FROM ${table}) WHERE name = '${table}';
      INSERT INTO ${table} (${columns}) SELECT ${columns} FROM moved ORDER BY seq;
      DROP TABLE moved;
    `);
  });
  return found?.['rows'] !== 0;
}

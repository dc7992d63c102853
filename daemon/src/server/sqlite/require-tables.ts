import { DatabaseSync } from 'node:sqlite';

/** SQLITE_CORRUPT */
const corruptCode = 11;

/**
 * Looks whether a database has the tables and columns that its version says: a damaged page can hold other names.
 * @throws SQLite's error for a damaged file
 */
export function requireTables(database: DatabaseSync, migrations: readonly ((made: DatabaseSync) => void)[]): void {
  const made = new DatabaseSync(':memory:');
  try {
    for (const step of migrations) step(made);
    const found = namesIn(database);
    const missing = [...namesIn(made)].find((name) => !found.has(name));
    if (missing !== undefined) throw Object.assign(new Error(`Expected ${missing}.`), { errcode: corruptCode });
  } finally {
    made.close();
  }
}

/** Of tables, indexes and triggers, and of columns. */
function namesIn(database: DatabaseSync): ReadonlySet<string> {
  const things = database.prepare('SELECT type, name FROM sqlite_schema').all();
  const columns = database.prepare(
    'SELECT t.name AS "table", c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = \'table\'',
  );
  return new Set([
    ...things.map(({ type, name }) => `the ${type} ${name}`),
    ...columns.all().map(({ table, name }) => `the column ${table}.${name}`),
  ]);
}

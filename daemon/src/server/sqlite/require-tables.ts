import { DatabaseSync } from 'node:sqlite';
import { damage } from './sqlite-errors.ts';

/**
 * Checks that a database has exactly the tables, indexes and triggers of its version: a wrong byte in the stored SQL
 * changes its meaning, and SQLite does not notice. Nor does it say that somebody's trigger refuses what is written.
 * @throws SQLite's error for a damaged file
 */
export function requireTables(database: DatabaseSync, migrations: readonly ((made: DatabaseSync) => void)[]): void {
  const made = new DatabaseSync(':memory:');
  try {
    for (const step of migrations) step(made);
    const found = definitionsIn(database);
    const wrong = [...definitionsIn(made)].find(([name, sql]) => found.get(name) !== sql);
    if (wrong !== undefined) throw damage(`another ${wrong[0]}`);
    // They may refuse or change what is written.
    const known = definitionsIn(made);
    const added = database.prepare(
      "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL",
    );
    const foreign = added.all().find(({ name }) => !known.has(String(name)));
    if (foreign !== undefined) throw damage(`${foreign['name']}, which is not ours`);
  } finally {
    made.close();
  }
}

function definitionsIn(database: DatabaseSync): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  return new Map(rows.map(({ name, sql }) => [String(name), String(sql).replace(/\s+/g, ' ')]));
}

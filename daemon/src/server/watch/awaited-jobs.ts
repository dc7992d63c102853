import { DatabaseSync } from 'node:sqlite';

/**
 * The jobs whose texts watched folders wait for, so that a start forgets none of them before the folders are watched again.
 * None where the list cannot be read, of which who opens it tells.
 */
export function awaitedJobs(watchFile: string): readonly string[] {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(watchFile, { readOnly: true });
    const rows = database.prepare("SELECT jobId FROM recordings WHERE state IN ('submitted', 'writing')").all();
    return rows.flatMap(({ jobId }) => (typeof jobId === 'string' ? [jobId] : []));
  } catch {
    return [];
  } finally {
    database?.close();
  }
}

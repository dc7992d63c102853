import { lstatSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { HomePaths } from './home-paths.ts';

/** The process that holds a home, whether it answers or not. */
export interface LockHolder {
  /** As the process wrote it; null if it could not. */
  readonly processId: number | null;
}

const sqliteBusy = 5;

/** The process that holds a home; null if there is none. */
export function readLockHolder(paths: Pick<HomePaths, 'lockFile' | 'processIdFile'>): LockHolder | null {
  const { lockFile, processIdFile } = paths;
  if (lstatSync(lockFile, { throwIfNoEntry: false })?.isFile() !== true || !isLocked(lockFile)) return null;
  const isWritten = lstatSync(processIdFile, { throwIfNoEntry: false })?.isFile() === true;
  const processId = isWritten ? Number.parseInt(readFileSync(processIdFile, 'utf8'), 10) : Number.NaN;
  return { processId: Number.isInteger(processId) ? processId : null };
}

function isLocked(lockFile: string): boolean {
  const database = new DatabaseSync(lockFile, { readOnly: true });
  try {
    database.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    return (((error as { readonly errcode?: number }).errcode ?? 0) & 0xff) === sqliteBusy;
  } finally {
    database.close();
  }
}

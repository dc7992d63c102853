import { lstatSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { HomePaths } from './home-paths.ts';

/** A process that keeps a home, whether it answers or not. */
export interface LockHolder {
  /** As it wrote it down; null when it could not. */
  readonly processId: number | null;
}

const sqliteBusy = 5;

/** Who keeps a home; null when nobody does. */
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

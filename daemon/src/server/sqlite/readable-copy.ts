import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { statusOf } from './move-aside.ts';
import { readWriteAheadLog } from './write-ahead-log.ts';

/** SQLite's default, which Hearth's databases do not change. */
export const pageBytes = 4096;

/**
 * Copies a damaged database with the contents of its log, and gives it a valid first page that knows one table, so that
 * SQLite can open it. Returns the first byte of each page, which gives the page's kind.
 */
export function writeReadableCopy(damagedPath: string, copyPath: string, tableDefinition: string): readonly number[] {
  const firstPage = makeFirstPage(copyPath, tableDefinition);
  copyFileSync(damagedPath, copyPath, constants.COPYFILE_FICLONE);
  chmodSync(copyPath, 0o600);
  const { pages, strays } = readLogBeside(damagedPath);
  const file = openSync(copyPath, 'r+');
  try {
    for (const [number, content] of pages) writeSync(file, content, 0, pageBytes, (number - 1) * pageBytes);
    let count = Math.ceil(fstatSync(file).size / pageBytes);
    for (const stray of strays) writeSync(file, stray, 0, pageBytes, count++ * pageBytes);
    // A table must not start after the end of the file.
    count = Math.max(count, 3);
    ftruncateSync(file, count * pageBytes);
    firstPage.writeUInt32BE(count, sizeOffset);
    writeSync(file, firstPage, 0, pageBytes, 0);
    return Array.from({ length: count }, (_, index) => firstByteOf(file, index));
  } finally {
    closeSync(file);
  }
}

/** Whether SQLite would ignore a part of what was committed to a database's log. */
export function isLogBroken(path: string): boolean {
  return readLogBeside(path).isBroken;
}

const sizeOffset = 28;

function makeFirstPage(path: string, tableDefinition: string): Buffer {
  rmSync(path, { force: true });
  const database = new DatabaseSync(path);
  database.exec(tableDefinition);
  database.close();
  const page = readFileSync(path).subarray(0, pageBytes);
  rmSync(path);
  return Buffer.from(page);
}

function readLogBeside(damagedPath: string) {
  const path = `${damagedPath}-wal`;
  const isThere = statusOf(path)?.isFile() === true;
  return readWriteAheadLog(isThere ? readFileSync(path) : Buffer.alloc(0), pageBytes);
}

function firstByteOf(file: number, index: number): number {
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, index * pageBytes);
  return byte[0] ?? 0;
}

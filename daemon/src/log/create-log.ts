import { mkdirSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type Logger } from 'pino';
import { writeError } from '../errors/write-error.ts';
import { isOnlyHere } from '../settings/open-output.ts';
import { openRotatingFile, type RotatingFile } from './rotating-file.ts';

const maxLogBytes = 5 * 1024 * 1024;
const keptFiles = 4;
/** A service manager only appends to it, and restarts a failing daemon every few seconds. */
const maxOutputBytes = 1024 * 1024;

export interface LogRequest {
  readonly file: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

/**
 * JSON lines, at most 25 MB. It never contains transcribed text or texts that clients send.
 * @throws `HOME_NOT_WRITABLE`
 */
export function createLog({ file, level }: LogRequest): Logger {
  const options = { level, base: { processId: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, openFile(file));
}

function openFile(path: string): RotatingFile {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openRotatingFile({ path, maxBytes: maxLogBytes, keptFiles });
  } catch (cause) {
    throw writeError(path, cause, { code: 'HOME_NOT_WRITABLE' });
  }
}

/** Empties the file for output outside the log when it has become large. */
export function limitOutput(path: string): void {
  try {
    if (isOnlyHere(path) && statSync(path).size > maxOutputBytes) truncateSync(path);
  } catch {
    // The file is missing or cannot be changed; the daemon can start anyway.
  }
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type Logger } from 'pino';
import { HearthError } from '../errors/hearth-error.ts';
import { openRotatingFile, type RotatingFile } from './rotating-file.ts';

const maxBytes = 5 * 1024 * 1024;
const keptFiles = 4;

export interface LogRequest {
  readonly file: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

/**
 * JSON lines, 25 MB of them at most. What a recording says and what a client asks to be written never goes into it.
 * @throws `HOME_NOT_WRITABLE`
 */
export function createLog({ file, level }: LogRequest): Logger {
  const options = { level, base: { processId: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(options, openFile(file));
}

function openFile(path: string): RotatingFile {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openRotatingFile({ path, maxBytes, keptFiles });
  } catch (cause) {
    throw new HearthError('HOME_NOT_WRITABLE', `${path} could not be written: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

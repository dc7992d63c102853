import { mkdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import pino, { type Logger } from 'pino';
import { createStream } from 'rotating-file-stream';

export interface LogRequest {
  readonly file: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

export interface Log {
  readonly logger: Logger;
  /** Writes what is still in memory. */
  close(): Promise<void>;
}

/**
 * JSON lines in a file that only its owner reads; at 5 MB it moves aside, five old ones are kept. What a recording says
 * and what a client asks to be written never goes into it.
 */
export function createLog({ file, level }: LogRequest): Log {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const stream = createStream(basename(file), {
    path: dirname(file),
    size: '5M',
    maxFiles: 5,
    mode: 0o600,
  });
  const logger = pino({ level, base: { processId: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return { logger, close: () => new Promise((resolve) => stream.end(resolve)) };
}

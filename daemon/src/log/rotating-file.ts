import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A pipe in its place is an error; do not wait for it. */
const appending = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

export interface RotatingFileRequest {
  readonly path: string;
  /** Size at which the file is rotated. */
  readonly maxBytes: number;
  /** Number of older files to keep: `hearth.log.1` is the newest. */
  readonly keptFiles: number;
}

export interface RotatingFile {
  write(line: string): void;
  close(): void;
}

/**
 * A log file that only its owner can read. Every line is on disk before the next statement, so a crash loses none. If
 * the disk is full, lines are lost but nothing else.
 */
export function openRotatingFile({ path, maxBytes, keptFiles }: RotatingFileRequest): RotatingFile {
  let file: number | null = openSync(path, appending, 0o600);
  let byteCount = fstatSync(file).size;

  function close(): void {
    if (file !== null) closeSync(file);
    file = null;
  }

  function moveAside(): void {
    close();
    for (let number = keptFiles; number > 0; number--) rename(nameOf(number - 1), nameOf(number));
  }

  function nameOf(number: number): string {
    return number === 0 ? path : `${path}.${number}`;
  }

  return {
    write(line) {
      try {
        if (byteCount >= maxBytes) moveAside();
        file ??= openSync(path, appending, 0o600);
        writeSync(file, line);
        byteCount = fstatSync(file).size;
      } catch {
        // There is nowhere to report it.
      }
    },
    close,
  };
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

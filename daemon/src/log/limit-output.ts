import { statSync, truncateSync } from 'node:fs';

/** A service manager appends to it for ever, and a daemon that cannot start is run again every few seconds. */
const maxBytes = 1024 * 1024;

/** Empties the file that takes what the daemon writes outside its log, once it is long. */
export function limitOutput(path: string): void {
  try {
    if (statSync(path).size > maxBytes) truncateSync(path);
  } catch {
    // None is there, or nothing may be done about it; either way the daemon can start.
  }
}

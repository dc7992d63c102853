import { statSync } from 'node:fs';

/** The home's lock and databases, as far as this process has opened them. */
const lockedPaths = new Set<string>();

/** Closing any descriptor of a file drops every lock that the process has on it: such a file may not be opened again. */
export function rememberLocked(path: string): void {
  lockedPaths.add(path);
}

/** Whether a path leads, by a link or another name, to a file that this process has locked. Opens nothing. */
export function isLockedHere(path: string): boolean {
  if (lockedPaths.size === 0) return false;
  const identity = identityOf(path);
  return identity !== null && [...lockedPaths].some((locked) => identityOf(locked) === identity);
}

/** To be called directly before a file is opened whose place somebody else has chosen. @throws EACCES */
export function refuseLocked(path: string): void {
  if (!isLockedHere(path)) return;
  const message = `Expected a file that this process has not locked, got ${path}.`;
  throw Object.assign(new Error(message), { code: 'EACCES', syscall: 'open', path });
}

function identityOf(path: string): string | null {
  try {
    const status = statSync(path, { bigint: true, throwIfNoEntry: false });
    return status === undefined ? null : `${status.dev}:${status.ino}`;
  } catch {
    // What cannot be looked at cannot be opened either.
    return null;
  }
}

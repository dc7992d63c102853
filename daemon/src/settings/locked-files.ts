import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** The home's lock and databases, as far as this process has opened them. */
const lockedPaths = new Set<string>();

/** Closing any descriptor of a file drops every lock that the process has on it: such a file may not be opened again. */
export function rememberLocked(path: string): void {
  lockedPaths.add(path);
}

/** Whether a path leads, by a link or another name, to a file that this process has locked. Opens nothing. */
export async function isLockedHere(path: string): Promise<boolean> {
  if (lockedPaths.size === 0) return false;
  // Its disk may never answer, and would keep everybody waiting.
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return isOneOfOurs(identityIn(status));
}

/** The same for who waits for the disk anyway. */
export function isLockedHereNow(path: string): boolean {
  return lockedPaths.size > 0 && isOneOfOurs(identityOf(path));
}

/** Whether a path that is to be locked itself leads to a file that is locked under another one. */
export function isLockedElsewhere(path: string): boolean {
  const identity = identityOf(path);
  return identity !== null && [...lockedPaths].some((locked) => locked !== path && identityOf(locked) === identity);
}

function isOneOfOurs(identity: string | null): boolean {
  return identity !== null && [...lockedPaths].some((locked) => identityOf(locked) === identity);
}

/** To be called directly before a file is opened whose place somebody else has chosen. @throws EACCES */
export async function refuseLocked(path: string): Promise<void> {
  if (!(await isLockedHere(path))) return;
  const message = `Expected a file that this process has not locked, got ${path}.`;
  throw Object.assign(new Error(message), { code: 'EACCES', syscall: 'open', path });
}

function identityOf(path: string): string | null {
  try {
    return identityIn(statSync(path, { bigint: true, throwIfNoEntry: false }));
  } catch {
    // What cannot be looked at cannot be opened either.
    return null;
  }
}

function identityIn(status: BigIntStats | undefined): string | null {
  return status === undefined ? null : `${status.dev}:${status.ino}`;
}

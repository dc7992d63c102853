import { lstatSync, renameSync, type Stats, statSync } from 'node:fs';

/** SQLite keeps changes that are not yet in the database in two files beside it. */
const endings = ['', '-wal', '-shm'];

/**
 * Renames a database that cannot be used, and returns its new name; the name that it has got already, if a process that was
 * killed has renamed it. Deletes nothing.
 */
export function moveAside(path: string): string {
  const free = freeName(path);
  const aside = isThere(path) ? free : (lastName(path) ?? free);
  for (const ending of endings) {
    if (!isThere(path + ending)) continue;
    // A folder beside it would make the database unreadable.
    const belongsToIt = ending === '' || (statusOf(path + ending)?.isFile() === true && !isThere(aside + ending));
    renameSync(path + ending, belongsToIt ? aside + ending : freeName(path + ending));
  }
  return aside;
}

/** Whether something that is not a file, such as a folder, is in a database's place. */
export function isNoFile(path: string): boolean {
  return endings.some((ending) => {
    const found = statusOf(path + ending);
    return found === null ? isThere(path + ending) && ending === '' : !found.isFile();
  });
}

/** An unused name. Numbered, because a clock may show the same time twice. */
export function freeName(path: string): string {
  for (let number = 1; ; number++) {
    if (!isTaken(nameOf(path, number))) return nameOf(path, number);
  }
}

/** The last name before an unused one. */
function lastName(path: string): string | null {
  let last: string | null = null;
  for (let number = 1; isTaken(nameOf(path, number)); number++) last = nameOf(path, number);
  return last;
}

function nameOf(path: string, number: number): string {
  return `${path}.damaged-${number}`;
}

function isTaken(name: string): boolean {
  return endings.some((ending) => isThere(name + ending));
}

/** Of what a path leads to; null for nothing, and for a link that leads to itself or to nothing. */
export function statusOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) return null;
    throw error;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

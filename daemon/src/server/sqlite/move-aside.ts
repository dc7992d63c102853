import { lstatSync, renameSync, type Stats, statSync } from 'node:fs';

/** SQLite keeps changes that are not yet in the database in two files beside it. */
const endings = ['', '-wal', '-shm'];

/** Renames a database that cannot be used, and returns its new name. Deletes nothing. */
export function moveAside(path: string): string {
  const aside = freeName(path);
  for (const ending of endings) {
    if (!isThere(path + ending)) continue;
    // A folder beside it would make the database unreadable.
    const belongsToIt = ending === '' || statusOf(path + ending)?.isFile() === true;
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
    const name = `${path}.damaged-${number}`;
    if (!endings.some((ending) => isThere(name + ending))) return name;
  }
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

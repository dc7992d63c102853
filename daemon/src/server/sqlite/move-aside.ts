import { lstatSync, renameSync, statSync } from 'node:fs';

/** SQLite keeps what is not yet in the database in two files beside it. */
const endings = ['', '-wal', '-shm'];

/** Moves a database that cannot be used to a name beside it, and answers with that name. Nothing is deleted. */
export function moveAside(path: string): string {
  const aside = freeName(path);
  for (const ending of endings) {
    if (!isThere(path + ending)) continue;
    // A folder beside it would keep the database from being read.
    const belongsToIt = ending === '' || statSync(path + ending, { throwIfNoEntry: false })?.isFile() === true;
    renameSync(path + ending, belongsToIt ? aside + ending : freeName(path + ending));
  }
  return aside;
}

/** Whether something lies in a database's place that is no file, such as a folder. */
export function isNoFile(path: string): boolean {
  return endings.some((ending) => {
    const found = statSync(path + ending, { throwIfNoEntry: false });
    return found !== undefined && !found.isFile();
  });
}

/** A name that nothing has. Numbered, since a clock may show one time twice. */
export function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const name = `${path}.damaged-${number}`;
    if (!endings.some((ending) => isThere(name + ending))) return name;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

import { constants, fstatSync, ftruncateSync, lstatSync, openSync } from 'node:fs';

// A pipe that nobody reads is not waited for.
const appending = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

/** Opens a file for the output of a daemon, and empties it. What a link leads to is somebody's own, and goes on at its end. */
export function openEmptyOutput(path: string): number {
  const file = openSync(path, appending, 0o600);
  if (isOnlyHere(path, fstatSync(file))) ftruncateSync(file);
  return file;
}

/** Whether a path is itself a file, which has no second name. */
export function isOnlyHere(path: string, opened?: { readonly dev: number; readonly ino: number }): boolean {
  const found = lstatSync(path);
  const isSame = opened === undefined || (opened.dev === found.dev && opened.ino === found.ino);
  return found.isFile() && found.nlink === 1 && isSame;
}

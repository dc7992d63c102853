import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/** Path of a program that is part of macOS, on the PATH or in its own folder. @throws `MACOS_REQUIRED` */
export function requireMacProgram(name: string, ownFolder: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ownFolder].filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new HearthError('MACOS_REQUIRED', `Expected \`${name}\`, a program of macOS, got none.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { findProgram } from '@hearth/launchd';
import { HearthError } from '../errors/hearth-error.ts';

/** Path of a program that is part of macOS, on the PATH or in its own folder. @throws `MACOS_REQUIRED` */
export function requireMacProgram(name: string, ownFolder: string): string {
  const found = findProgram({ name, searchPath: process.env['PATH'], otherFolders: [ownFolder] });
  if (found !== null) return found;
  throw new HearthError('MACOS_REQUIRED', `\`${name}\` is a program of macOS, and is not here.`);
}

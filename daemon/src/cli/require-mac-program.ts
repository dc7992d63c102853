import { findProgram } from '@hearth/launchd';
import { HearthError } from '../errors/hearth-error.ts';

/** Path of a program that is part of macOS, on the PATH or in its usual folder. @throws `MACOS_REQUIRED` */
export function requireMacProgram(name: string, usualFolder: string): string {
  const found = findProgram({ name, searchPath: process.env['PATH'], otherFolders: [usualFolder] });
  if (found !== null) return found;
  throw new HearthError('MACOS_REQUIRED', `\`${name}\`, a program of macOS, was not found.`);
}

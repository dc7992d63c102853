import type { Stats } from 'node:fs';
import { HearthError } from '../../errors/hearth-error.ts';

/** @throws `OUTPUT_NOT_WRITABLE` if what is open is not what was found before: somebody may have put a link there */
export function requireSameFile(path: string, found: Stats, opened: Stats): void {
  if (opened.dev === found.dev && opened.ino === found.ino) return;
  throw new HearthError('OUTPUT_NOT_WRITABLE', `${path} was replaced by something else before it was written to.`);
}

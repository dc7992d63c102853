import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface SeatbeltProfileRequest {
  readonly executable: string;
  /** The real path: links that somebody puts there later lead to nothing that may be read. */
  readonly inputPath: string;
  readonly outputPath: string | null;
}

/** Folders with users' files, other volumes, and temporary files of other programs. */
const privatePlaces = ['/Users', '/Volumes', '/private/var/folders', '/private/tmp', '/private/var/root'];

/**
 * A Seatbelt profile that lets a converter read the system and one recording, and write one file. Its language is
 * Scheme. The last matching rule decides, and paths must be real (`/private/tmp`, not `/tmp`).
 */
export function seatbeltProfile({ executable, inputPath, outputPath }: SeatbeltProfileRequest): string {
  const program = realPlace(executable);
  const readable = [inputPath, program, ...(outputPath === null ? [] : [realPlace(outputPath)])];
  return [
    '(version 1)',
    '(allow default)',
    '(deny network*)',
    '(deny file-write*)',
    `(deny file-read-data ${privatePlaces.map((place) => `(subpath ${quote(place)})`).join(' ')})`,
    // A program installed by a package manager or a user, with the libraries next to its `bin`.
    ...(basename(dirname(program)) === 'bin'
      ? [`(allow file-read-data (subpath ${quote(join(dirname(dirname(program)), 'lib'))}))`]
      : []),
    `(allow file-read-data ${readable.map((path) => `(literal ${quote(path)})`).join(' ')})`,
    '(allow file-write-data (literal "/dev/null"))',
    ...(outputPath === null ? [] : [`(allow file-write* (literal ${quote(realPlace(outputPath))}))`]),
  ].join('\n');
}

/** The real path, even of a file that does not exist yet. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

function quote(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}

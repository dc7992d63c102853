import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The file that a path leads to through links, which may have yet to be made; the path itself if it is no link. */
export function fileBehind(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return targetOf(path);
  }
}

function targetOf(path: string): string {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return path;
  }
}

import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * The folder at which the disk of a path begins, such as `/Volumes/Stick`; `/` for the first disk. Of what does not exist, that
 * of the nearest folder above it. It is another one while the disk is away, and the same when it is back: numbers of disks
 * and of folders may change.
 * @throws what looking at the folder says, but that it does not exist
 */
export async function diskOf(path: string): Promise<string> {
  let [place, device] = await nearestFolder(resolve(path));
  for (let above = dirname(place); above !== place; above = dirname(place)) {
    const { dev } = await stat(above);
    if (dev !== device) break;
    place = above;
  }
  return place;
}

async function nearestFolder(path: string): Promise<[path: string, device: number]> {
  try {
    return [path, (await stat(path)).dev];
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (path === '/' || !['ENOENT', 'ENOTDIR'].includes(code)) throw error;
    return nearestFolder(dirname(path));
  }
}

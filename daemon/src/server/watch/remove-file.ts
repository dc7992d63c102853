import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, rename, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { giveName, numberedName } from './give-name.ts';

/**
 * Removes the file at a path if it is the wanted one. Systems remove by name only, and somebody may save another file under it
 * between a look and the removal. So it gets a name of ours first, and is looked at there: another one gets its name back, or,
 * where somebody has taken that meanwhile, a number. Whether it was removed.
 * @throws what renaming throws
 */
export async function removeFile(path: string, isWanted: (found: Stats) => boolean): Promise<boolean> {
  const taken = takenName(path);
  await rename(path, taken);
  if (isWanted(await lstat(taken))) {
    await unlink(taken);
    return true;
  }
  await giveBack(taken, path);
  return false;
}

/** Gives a file its name back that a daemon had taken when it was killed. */
export async function giveBackTaken(path: string): Promise<void> {
  const taken = takenName(path);
  if ((await lstat(taken).catch(() => null)) !== null) await giveBack(taken, path);
}

/** Watched folders leave out hidden files. The same each time, so that the next daemon finds it. */
function takenName(path: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(dirname(path), `.hearth-${name}.taken`);
}

async function giveBack(taken: string, path: string): Promise<void> {
  const [folder, ending] = [dirname(path), extname(path)];
  for (let number = 1; ; number++) {
    const place = join(folder, numberedName(basename(path, ending), number, ending));
    try {
      await giveName(taken, place);
      // A disk without links has moved it.
      await unlink(taken).catch(ignoreMissing);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

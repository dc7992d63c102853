import { lstat, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOwn } from '../settings/own-leftovers.ts';

/** In the folder of a repository that Hearth has made: other programs use the same cache. */
const mark = '.made-by-hearth';

/** Makes the folder of a repository in the cache, with one for its files. One that another program has made stays its own. */
export async function makeRepository(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const isNew = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (isNew) await writeFile(join(folder, mark), '', { mode: 0o600 });
  await mkdir(join(folder, 'blobs'), { recursive: true, mode: 0o700 });
}

/** Whether what is in a repository may be deleted without being asked to: Hearth made it, and it is no link. */
export async function isOwnRepository(folder: string): Promise<boolean> {
  const [found, marked] = await Promise.all([lstat(folder), lstat(join(folder, mark))]).catch(() => []);
  return isOwn(found, 'folder') && isOwn(marked, 'file');
}

/** Removes the folder of a repository of which nothing is used, unless something else is in it. */
export async function removeRepository(folder: string): Promise<void> {
  try {
    await rmdir(join(folder, 'blobs'));
    for (const name of ['refs', 'snapshots', mark]) await rm(join(folder, name), { recursive: true, force: true });
    await rmdir(folder);
  } catch {
    // It belongs to whoever has put it there.
  }
}

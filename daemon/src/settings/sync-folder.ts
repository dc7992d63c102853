import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What systems answer about folders, or disks, that cannot be synced by themselves. */
const unable: readonly string[] = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'];

/**
 * Waits until the names in a folder are on its disk, with those of the folders above it up to that of `made`, the highest one
 * that is new. A file that is on the disk without its name is lost when the power goes.
 */
export async function syncFolder(folder: string, made?: string): Promise<void> {
  await sync(folder);
  if (made === undefined) return;
  for (let place = folder; place.startsWith(made); place = dirname(place)) await sync(dirname(place));
}

async function sync(folder: string): Promise<void> {
  try {
    const opened = await open(folder);
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!unable.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

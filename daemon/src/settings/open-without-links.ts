import { constants, existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { refuseLocked } from './locked-files.ts';

/** From the systems' headers; Node does not name them. */
const noLinkOnTheWay = 0x2000_0000;
const onlyThePlace = 0x20_0000;
const openFiles = '/proc/self/fd';

/**
 * Opens a file for reading if no part of its path is a link. Between a check of a path and its opening, whoever may write
 * to one of its folders can put a link there that leads to a file which they may not read.
 * @throws ELOOP or ENOTDIR for a link, EACCES for a file that this process has locked, and what opening throws; a pipe is not waited for
 */
export async function openWithoutLinks(path: string): Promise<FileHandle> {
  if (!isAbsolute(path)) throw new Error(`Expected an absolute path, got ${path}.`);
  // A file may have several names.
  await refuseLocked(path);
  const reading = constants.O_RDONLY | constants.O_NONBLOCK;
  if (process.platform === 'darwin') return open(path, reading | noLinkOnTheWay);
  if (!existsSync(openFiles)) return open(path, reading | constants.O_NOFOLLOW);
  const names = normalize(path).split('/').filter(Boolean);
  const last = names.pop() ?? '.';
  let folder = await open('/', onlyThePlace | constants.O_DIRECTORY);
  try {
    for (const name of names) {
      const next = await open(within(folder, name), onlyThePlace | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      await folder.close();
      folder = next;
    }
    return await open(within(folder, last), reading | constants.O_NOFOLLOW);
  } catch (error) {
    // The errors name the path that was asked for.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  } finally {
    await folder.close();
  }
}

/** Whatever becomes of the folder's own path. */
function within(folder: FileHandle, name: string): string {
  return join(openFiles, String(folder.fd), name);
}

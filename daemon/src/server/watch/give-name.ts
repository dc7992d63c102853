import { link, open, rename, rm } from 'node:fs/promises';

/** What disks say that have no links, and other disks. */
export const cannotLink = ['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'];

/**
 * Gives a file a name that nobody has. It keeps its old one where the disk has links.
 * @throws EEXIST instead of replacing a file
 */
export async function giveName(file: string, path: string): Promise<void> {
  await link(file, path).catch(async (error: NodeJS.ErrnoException) => {
    if (!cannotLink.includes(String(error.code))) throw error;
    // Nothing else can take the name from now on but by replacing this empty file.
    await (await open(path, 'wx')).close();
    await rename(file, path).catch(async (failure: unknown) => {
      await rm(path, { force: true });
      throw failure;
    });
  });
}

/** `talk 2` for a second one. */
export function numbered(stem: string, number: number): string {
  return number === 1 ? stem : `${stem} ${number}`;
}

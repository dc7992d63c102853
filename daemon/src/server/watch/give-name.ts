import { link, open, rename, rm } from 'node:fs/promises';
import { fileName } from '../../formats/file-name.ts';

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

/** `talk 2.txt` for a second one. What is too long for a file system is cut before the number. */
export function numberedName(stem: string, number: number, ending: string): string {
  return fileName(stem, number === 1 ? ending : ` ${number}${ending}`);
}

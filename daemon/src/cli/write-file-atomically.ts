import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/** Writes a file, and the folders it needs, so that a reader never sees half of it. @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL` */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporaryPath = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporaryPath, content);
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') {
      throw new HearthError('DISK_FULL', `Expected room for ${path}, got a full disk.`, { cause: error });
    }
    throw new HearthError('OUTPUT_NOT_WRITABLE', `Expected to write ${path}, got ${message}.`, { cause: error });
  }
}

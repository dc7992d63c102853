import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeError } from '../../errors/write-error.ts';
import { ownLeftovers } from '../../settings/own-leftovers.ts';

/** The characters that `mkdtemp` adds. */
const engineFolderNames = /^engine-[A-Za-z0-9]{6}$/;

/** Creates a folder for the files of one engine process, such as converted recordings. @throws `HOME_NOT_WRITABLE`, `DISK_FULL` */
export function makeEngineFolder(temporaryFolder: string): string {
  makeFolder(temporaryFolder);
  return inOurWords(temporaryFolder, () => mkdtempSync(join(temporaryFolder, 'engine-')));
}

/** Removes the folders of engines whose server was killed. Touches nothing else in the temporary folder. @throws the same */
export async function removeEngineFolders(temporaryFolder: string): Promise<void> {
  makeFolder(temporaryFolder);
  const left = await ownLeftovers(temporaryFolder, { names: engineFolderNames, kind: 'folder' });
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
}

function makeFolder(path: string): void {
  inOurWords(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

function inOurWords<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    throw writeError(path, cause, { code: 'HOME_NOT_WRITABLE' });
  }
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownLeftovers } from '../../settings/own-leftovers.ts';

/** Those of `mkdtemp`. */
const engineFolderNames = /^engine-[A-Za-z0-9]{6}$/;

/** Makes a folder for what one engine process leaves on the disk while it runs, such as converted recordings. */
export function makeEngineFolder(temporaryFolder: string): string {
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(temporaryFolder, 'engine-'));
}

/** Removes the folders of engines whose server was killed. Nothing else in the temporary folder is touched. */
export async function removeEngineFolders(temporaryFolder: string): Promise<void> {
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  const left = await ownLeftovers(temporaryFolder, { names: engineFolderNames, kind: 'folder' });
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
}

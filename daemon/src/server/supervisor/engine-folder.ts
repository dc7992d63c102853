import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownLeftovers } from '../../settings/own-leftovers.ts';

/** The characters that `mkdtemp` adds. */
const engineFolderNames = /^engine-[A-Za-z0-9]{6}$/;

/** Creates a folder for the files of one engine process, such as converted recordings. */
export function makeEngineFolder(temporaryFolder: string): string {
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(temporaryFolder, 'engine-'));
}

/** Removes the folders of engines whose server was killed. Touches nothing else in the temporary folder. */
export async function removeEngineFolders(temporaryFolder: string): Promise<void> {
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 });
  const left = await ownLeftovers(temporaryFolder, { names: engineFolderNames, kind: 'folder' });
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
}

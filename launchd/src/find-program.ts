import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface FindProgramRequest {
  readonly name: string;
  /** In the format of `PATH`; missing or empty for none. */
  readonly searchPath: string | undefined;
  /** Searched after the search path. */
  readonly otherFolders: readonly string[];
}

/** Path of the first executable program with this name; null if there is none. */
export function findProgram({ name, searchPath = '', otherFolders }: FindProgramRequest): string | null {
  const folders = [...searchPath.split(delimiter), ...otherFolders].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface LeftoversRequest {
  /** Names that only Hearth uses. */
  readonly names: RegExp;
  readonly kind: 'file' | 'folder';
}

/**
 * Leftovers of our earlier processes in a folder that may be deleted: with our names, of our kind, owned by this user.
 * Nothing if the folder is a link: the user may keep other things where it points.
 */
export async function ownLeftovers(folder: string, { names, kind }: LeftoversRequest): Promise<readonly string[]> {
  if (!(await lstat(folder)).isDirectory()) return [];
  const paths = (await readdir(folder)).filter((name) => names.test(name)).map((name) => join(folder, name));
  const owned = await Promise.all(paths.map((path) => isOurs(path, kind)));
  return paths.filter((_, index) => owned[index]);
}

async function isOurs(path: string, kind: LeftoversRequest['kind']): Promise<boolean> {
  const status = await lstat(path).catch(() => null);
  if (status === null || status.uid !== process.getuid?.()) return false;
  return kind === 'file' ? status.isFile() : status.isDirectory();
}

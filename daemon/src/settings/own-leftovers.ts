import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface LeftoversRequest {
  /** Names that only Hearth gives. */
  readonly names: RegExp;
  readonly kind: 'file' | 'folder';
}

/**
 * What an earlier process of ours left in a folder and may be deleted: by our own names, of our kind, owned by this
 * user. Nothing in a folder that is a link: a user who put it elsewhere may keep other things there.
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

import type { Stats } from 'node:fs';
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
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => undefined)));
  return paths.filter((_, index) => isOwn(found[index], kind));
}

/** Whether what has a name of ours is of our kind, no link, and owned by this user. */
export function isOwn(status: Stats | undefined, kind: LeftoversRequest['kind']): boolean {
  if (status === undefined || status.uid !== process.getuid?.()) return false;
  return kind === 'file' ? status.isFile() : status.isDirectory();
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The Hub's cache layout, so that other programs' caches and ours are alike: `models--<owner>--<name>` holds `blobs` by
 * their hash, `snapshots/<commit>` of links to them, and `refs/<revision>` that name a commit.
 */
export function repositoryFolder(hubFolder: string, repository: string): string {
  return join(hubFolder, `models--${repository.replaceAll('/', '--')}`);
}

/** Whole snapshots in a cache, by the repository's name. */
export async function listSnapshots(hubFolder: string): Promise<{ readonly name: string; readonly folder: string }[]> {
  const names = await readdir(hubFolder).catch(() => []);
  const snapshots = await Promise.all(names.map((name) => snapshotOf(hubFolder, name)));
  return snapshots.filter((snapshot) => snapshot !== null);
}

async function snapshotOf(hubFolder: string, entry: string) {
  const name = repositoryOf(entry);
  if (name === null) return null;
  const refs = join(hubFolder, entry, 'refs');
  // A reference is written when everything that it names is there.
  const [reference] = await readdir(refs).catch(() => []);
  if (reference === undefined) return null;
  const commit = (await readFile(join(refs, reference), 'utf8')).trim();
  return { name, folder: join(hubFolder, entry, 'snapshots', commit) };
}

/** A model's name: that of its repository when it lies in a cache, else that of its folder. */
export function modelNameOf(folder: string): string {
  const parts = folder.split('/');
  return (parts.at(-2) === 'snapshots' ? repositoryOf(parts.at(-3) ?? '') : null) ?? parts.at(-1) ?? folder;
}

function repositoryOf(entry: string): string | null {
  const [kind, owner, ...name] = entry.split('--');
  return kind === 'models' && owner && name.length > 0 ? `${owner}/${name.join('--')}` : null;
}

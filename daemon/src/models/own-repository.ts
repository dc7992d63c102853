import { lstat, mkdir, readdir, readlink, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isOwn, ownLeftovers } from '../settings/own-leftovers.ts';
import { listReferences, readCommit } from './references.ts';

/** In the folder of a repository that Hearth has made: other programs use the same cache. */
const mark = '.made-by-hearth';
const commitName = /^[0-9a-f]{40}$/;
const blobName = /^[0-9a-f]{40,64}$/;

/** Makes the folder of a repository in the cache, with one for its files. One that another program has made stays its own. */
export async function makeRepository(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const isNew = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (isNew) await writeFile(join(folder, mark), '', { mode: 0o600 });
  await mkdir(join(folder, 'blobs'), { recursive: true, mode: 0o700 });
}

/** Whether what is in a repository may be deleted without being asked to: Hearth made it, and it is no link. */
export async function isOwnRepository(folder: string): Promise<boolean> {
  const [found, marked] = await Promise.all([lstat(folder), lstat(join(folder, mark))]).catch(() => []);
  return isOwn(found, 'folder') && isOwn(marked, 'file');
}

/** The commits of which a repository that Hearth has made has files, or had them when it was interrupted. */
export async function ownRevisions(folder: string): Promise<readonly string[]> {
  const snapshots = await ownLeftovers(join(folder, 'snapshots'), { names: commitName, kind: 'folder' }).catch(
    () => [],
  );
  const areRevisions = await Promise.all(snapshots.map(isRevision));
  return snapshots.filter((_, index) => areRevisions[index]).map((snapshot) => basename(snapshot));
}

async function isRevision(snapshot: string): Promise<boolean> {
  const [names, links] = await Promise.all([readdir(snapshot), ownLinks(snapshot)]);
  return names.length === 0 || links.length > 0;
}

/** What a snapshot has of the files of a model: paths of links to `blobs`. What else is in it is somebody else's. */
export async function ownLinks(snapshot: string): Promise<readonly string[]> {
  const entries = await readdir(snapshot, { withFileTypes: true, recursive: true });
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  const targets = await Promise.all(links.map((path) => readlink(path)));
  const blobs = join(snapshot, '..', '..', 'blobs');
  const own = links.filter((path, index) => {
    const target = targets[index] ?? '';
    return target === join(relative(dirname(path), blobs), basename(target)) && blobName.test(basename(target));
  });
  return own.map((path) => relative(snapshot, path));
}

/** Removes a revision with the references to it, but nothing that somebody else has put there. */
export async function removeRevision(folder: string, commit: string): Promise<void> {
  // First the references: whoever reads them finds a model that is whole.
  await removeReferences(folder, (named) => named === commit);
  const snapshot = join(folder, 'snapshots', commit);
  for (const name of await ownLinks(snapshot)) await rm(join(snapshot, name), { force: true });
  // What is not empty belongs to whoever has put it there.
  for (const path of [...(await foldersIn(snapshot)), snapshot]) await rmdir(path).catch(() => undefined);
}

async function removeReferences(folder: string, isUnwanted: (commit: string) => boolean): Promise<void> {
  for (const path of await listReferences(folder)) {
    if (isUnwanted(await readCommit(path))) await rm(path, { force: true });
  }
}

/** Removes the folder of a repository of which nothing is used, unless something else is in it. */
export async function removeRepository(folder: string): Promise<void> {
  await removeReferences(folder, (commit) => commitName.test(commit));
  const names = ['refs', 'snapshots', 'blobs'];
  const empty = [...(await foldersIn(join(folder, 'refs'))), ...names.map((name) => join(folder, name))];
  // As above.
  for (const path of empty) await rmdir(path).catch(() => undefined);
  const left = await readdir(folder);
  if (left.length > 1 || left[0] !== mark) return;
  await rm(join(folder, mark));
  await rmdir(folder);
}

/** The folders below one, the innermost first. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return folders.sort((a, b) => b.split('/').length - a.split('/').length);
}

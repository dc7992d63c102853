import { lstat, readdir, readlink, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PrunedModel } from '../protocol/models.ts';
import { isOwn, ownLeftovers } from '../settings/own-leftovers.ts';
import { currentRevision, isOutdated, listRepositories, readRevisions, type Snapshot } from './hub-cache.ts';
import { isOwnRepository, ownRevisions, removeRepository, removeRevision } from './own-repository.ts';

export interface PruneRequest {
  readonly hubFolder: string;
  /** Whether a job or the engine uses the earlier snapshot in this folder. An engine may let go of it when asked. */
  readonly isInUse: (folder: string) => Promise<boolean>;
  /** Whether a model is being downloaded: its files are left alone. */
  readonly isPulling: (name: string) => boolean;
  /** Whether a download of a model goes on some time: what has arrived of it is kept. */
  readonly isWanted: (name: string) => boolean;
}

/**
 * Deletes earlier revisions of models, and what interrupted downloads left. Says what is gone, model by model. Other programs
 * use the same layout: only what Hearth has made goes, and nothing behind a link.
 */
export async function pruneHubCache(request: PruneRequest): Promise<readonly PrunedModel[]> {
  const cache = await lstat(request.hubFolder).catch(() => undefined);
  if (!isOwn(cache, 'folder')) return [];
  const repositories = await listRepositories(request.hubFolder);
  const areOwn = await Promise.all(repositories.map(({ folder }) => isOwnRepository(folder)));
  const idle = repositories.filter(({ name }, index) => areOwn[index] && !request.isPulling(name));
  const pruned = await Promise.all(idle.map((repository) => pruneRepository(repository, request)));
  return pruned.filter(({ byteCount, revisions }) => byteCount > 0 || revisions.length > 0);
}

async function pruneRepository({ name, folder }: Snapshot, { isInUse, isWanted }: PruneRequest): Promise<PrunedModel> {
  const { revisions } = await readRevisions(folder);
  const current = currentRevision(name, revisions);
  const snapshots = join(folder, 'snapshots');
  const old: string[] = [];
  for (const commit of await ownRevisions(folder)) {
    if (commit === current?.commit || (await isInUse(join(snapshots, commit)))) continue;
    await removeRevision(folder, commit);
    old.push(commit);
  }

  const linked = await blobsLinkedFrom(snapshots);
  // The default model's next revision may be on its way.
  const goesOn = isWanted(name) && (current === undefined || isOutdated(name, current));
  const blobs = await ownLeftovers(join(folder, 'blobs'), { names: ownBlobName, kind: 'file' }).catch(() => []);
  const unused = goesOn ? [] : blobs.filter((blob) => !linked.has(basename(blob)));
  const sizes = await Promise.all(unused.map(sizeOf));
  for (const blob of unused) await rm(blob, { force: true });
  const isEmpty = (await ownRevisions(folder)).length === 0 && (await readRevisions(folder)).revisions.length === 0;
  if (isEmpty && !goesOn) await removeRepository(folder);
  return { name, revisions: old, byteCount: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Files have the names of their hashes. A download's complete files have no snapshot yet. */
const ownBlobName = /^[0-9a-f]{40,64}(\.incomplete)?$/;

/** Names of files that any snapshot has, whoever has made it. */
async function blobsLinkedFrom(snapshots: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(snapshots, { withFileTypes: true, recursive: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return new Set(
    await Promise.all(links.map(async (entry) => basename(await readlink(join(entry.parentPath, entry.name))))),
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

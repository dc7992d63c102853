import { lstat, readdir, readlink, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PrunedModel } from '../protocol/models.ts';
import { isOwn } from '../settings/own-leftovers.ts';
import { currentRevision, isOutdated, listRepositories, readRevisions, type Snapshot } from './hub-cache.ts';
import { isOwnRepository, removeRepository } from './own-repository.ts';

export interface PruneRequest {
  readonly hubFolder: string;
  /** Whether a job or the engine uses the snapshot in this folder. */
  readonly isInUse: (folder: string) => boolean;
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
  const snapshots = await namesIn(join(folder, 'snapshots'));
  const old = snapshots.filter((commit) => commit !== current?.commit && !isInUse(join(folder, 'snapshots', commit)));
  for (const commit of old) await removeRevision(folder, commit);

  const kept = snapshots.filter((commit) => !old.includes(commit));
  const linked = new Set((await Promise.all(kept.map((commit) => blobsOf(join(folder, 'snapshots', commit))))).flat());
  // The default model's next revision may be on its way.
  const goesOn = isWanted(name) && (current === undefined || isOutdated(name, current));
  const blobs = await namesIn(join(folder, 'blobs'));
  const unused = blobs.filter((blob) => isOurs(blob) && !linked.has(blob) && !(goesOn && isPartOfDownload(blob)));
  const sizes = await Promise.all(unused.map((blob) => sizeOf(join(folder, 'blobs', blob))));
  for (const blob of unused) await rm(join(folder, 'blobs', blob), { force: true });
  if (kept.length === 0 && !goesOn) await removeRepository(folder);
  return { name, revisions: old, byteCount: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Files have the names of their hashes once they are complete. */
function isOurs(blob: string): boolean {
  return isPartOfDownload(blob) || blob.endsWith('.incomplete');
}

/** A download's complete files have no snapshot yet. */
function isPartOfDownload(blob: string): boolean {
  return /^[0-9a-f]{40,64}(\.incomplete)?$/.test(blob);
}

async function removeRevision(folder: string, commit: string): Promise<void> {
  // First the references: whoever reads them finds a model that is whole.
  const { revisions } = await readRevisions(folder);
  for (const revision of revisions.filter((each) => each.commit === commit)) {
    await rm(join(folder, 'refs', revision.reference), { force: true });
  }
  await rm(join(folder, 'snapshots', commit), { recursive: true, force: true });
}

async function blobsOf(snapshot: string): Promise<readonly string[]> {
  const entries = await readdir(snapshot, { withFileTypes: true, recursive: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return Promise.all(links.map(async (entry) => basename(await readlink(join(entry.parentPath, entry.name)))));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

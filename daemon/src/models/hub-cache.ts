import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { findInCatalogue } from './catalogue.ts';
import { isOwnRepository, ownRevisions } from './own-repository.ts';
import { listReferences, readCommit } from './references.ts';

/**
 * The Hub's cache layout, compatible with other programs: `models--<owner>--<name>` has `blobs` named by their hash,
 * `snapshots/<commit>` with links to them, and `refs/<revision>` files that name a commit.
 */
export function repositoryFolder(hubFolder: string, repository: string): string {
  return join(hubFolder, `models--${repository.replaceAll('/', '--')}`);
}

export interface Snapshot {
  readonly name: string;
  readonly folder: string;
}

/** A revision that was pulled completely. */
export interface PulledRevision {
  /** As its reference is called: a branch, `refs/pr/1`, a pinned commit, or a commit that a person chose (`kept/…`). */
  readonly reference: string;
  readonly commit: string;
  /** Its snapshot. */
  readonly folder: string;
}

/** The name of the reference to a commit that a person chose, and that no newer pin replaces. */
export function chosenCommit(commit: string): string {
  return `kept/${commit}`;
}

/** Snapshots in a cache by repository name, repositories whose snapshot is gone, and those with earlier ones of Hearth's. */
export async function readHubCache(hubFolder: string) {
  const repositories = await listRepositories(hubFolder);
  const found = await Promise.all(repositories.map(readRepository));
  return {
    snapshots: found.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot])),
    broken: found.flatMap(({ name, isBroken }) => (isBroken ? [name] : [])),
    superseded: found.flatMap(({ name, isSuperseded }) => (isSuperseded ? [name] : [])),
  };
}

/** Every repository with its folder, whatever is in it. */
export async function listRepositories(hubFolder: string): Promise<readonly Snapshot[]> {
  const names = await readdir(hubFolder).catch(() => []);
  return names.flatMap((entry) => {
    const name = repositoryOf(entry);
    return name === null ? [] : [{ name, folder: join(hubFolder, entry) }];
  });
}

async function readRepository({ name, folder }: Snapshot) {
  const { revisions, referenceCount } = await readRevisions(folder);
  const current = currentRevision(name, revisions);
  const isSuperseded = (await isOwnRepository(folder)) && (await ownRevisions(folder)).length > 1;
  if (current === undefined) return { name, snapshot: null, isBroken: referenceCount > 0, isSuperseded };
  return { name, snapshot: { name, folder: current.folder }, isBroken: false, isSuperseded };
}

/** The revisions of a repository that can be used, the one that was pulled last first. */
export async function readRevisions(folder: string) {
  const references = await listReferences(folder);
  const read = await Promise.all(references.map(async (path) => ({ path, ...(await readReference(folder, path)) })));
  const revisions: readonly PulledRevision[] = read
    .sort((a, b) => b.writtenMs - a.writtenMs)
    .flatMap(({ path, commit, snapshot }) =>
      snapshot === null ? [] : [{ reference: relative(join(folder, 'refs'), path), commit, folder: snapshot }],
    );
  return { revisions, referenceCount: references.length };
}

/** The revision that is used: the one that was pulled last, except that the pinned one replaces an earlier pin. */
export function currentRevision(name: string, revisions: readonly PulledRevision[]): PulledRevision | undefined {
  const [newest] = revisions;
  if (newest === undefined || !isPin(newest)) return newest;
  return revisions.find(({ commit }) => commit === findInCatalogue(name)?.revision) ?? newest;
}

/** Whether a revision is an earlier pin of a model that the catalogue pins elsewhere now. */
export function isOutdated(name: string, revision: PulledRevision): boolean {
  const pin = findInCatalogue(name)?.revision ?? null;
  return pin !== null && isPin(revision) && revision.commit !== pin;
}

/** Other revisions have names, or a person chose them. */
function isPin({ reference }: PulledRevision): boolean {
  return /^[0-9a-f]{40}$/.test(reference);
}

/** The commit that a reference names, with its snapshot if that can be used. A reference is written after its files. */
async function readReference(repository: string, path: string) {
  const commit = await readCommit(path);
  const writtenMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  // It is used as a part of a path.
  if (!/^\w{1,128}$/.test(commit)) return { commit, writtenMs, snapshot: null };
  const folder = join(repository, 'snapshots', commit);
  return { commit, writtenMs, snapshot: (await isModelFolder(folder)) ? folder : null };
}

/** Whether a model can be loaded from this folder: it has a `config.json`. To read a pipe would wait forever. */
export async function isModelFolder(folder: string): Promise<boolean> {
  return stat(join(folder, 'config.json')).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** A model's name: that of its repository if it is in a cache, otherwise that of its folder. */
export function modelNameOf(folder: string): string {
  const parts = folder.split('/');
  return (parts.at(-2) === 'snapshots' ? repositoryOf(parts.at(-3) ?? '') : null) ?? parts.at(-1) ?? folder;
}

function repositoryOf(entry: string): string | null {
  const [kind, owner, ...name] = entry.split('--');
  return kind === 'models' && owner && name.length > 0 ? `${owner}/${name.join('--')}` : null;
}

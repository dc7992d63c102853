import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Snapshots in a cache by repository name, and downloaded repositories whose snapshot is gone. */
export async function readHubCache(hubFolder: string) {
  const names = await readdir(hubFolder).catch(() => []);
  const repositories = names.flatMap((entry) => {
    const name = repositoryOf(entry);
    return name === null ? [] : [{ name, folder: join(hubFolder, entry) }];
  });
  const found = await Promise.all(repositories.map(readRepository));
  return {
    snapshots: found.flatMap(({ snapshot }) => (snapshot === null ? [] : [snapshot])),
    broken: found.flatMap(({ name, isBroken }) => (isBroken ? [name] : [])),
  };
}

async function readRepository({ name, folder }: Snapshot) {
  const refs = join(folder, 'refs');
  // Folders inside it hold other kinds of references (`refs/pr/1`), which Hearth never downloads.
  const entries = await readdir(refs, { withFileTypes: true }).catch(() => []);
  const references = entries.filter((entry) => entry.isFile()).map((entry) => join(refs, entry.name));
  for (const reference of references) {
    const snapshot = await snapshotOf(folder, reference);
    if (snapshot !== null) return { name, snapshot: { name, folder: snapshot }, isBroken: false };
  }
  return { name, snapshot: null, isBroken: references.length > 0 };
}

/** The folder a reference names; null if either cannot be read. A reference is written after its files. */
async function snapshotOf(repository: string, reference: string): Promise<string | null> {
  const commit = (await readFile(reference, 'utf8').catch(() => '')).trim();
  // It is used as a part of a path.
  if (!/^\w{1,128}$/.test(commit)) return null;
  const folder = join(repository, 'snapshots', commit);
  return (await isModelFolder(folder)) ? folder : null;
}

/** Whether a model can be loaded from this folder: it has a `config.json`. */
export async function isModelFolder(folder: string): Promise<boolean> {
  return access(join(folder, 'config.json')).then(
    () => true,
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

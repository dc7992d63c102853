import { mkdir, readdir, rename, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { writeError } from '../errors/write-error.ts';
import { type CatalogueEntry, findInCatalogue } from './catalogue.ts';
import { connectToHub, type Hub, type HubNetwork } from './connect-to-hub.ts';
import { type DownloadLimits, downloadFile } from './download-file.ts';
import { chosenCommit, repositoryFolder } from './hub-cache.ts';
import { type HubFile, readHubRepository } from './hub-repository.ts';

export interface PullRequest extends HubNetwork {
  readonly repository: string;
  /** A branch, a tag or a commit; default: the pinned commit, or else `main`. */
  readonly revision?: string | undefined;
  /** The folder of the model in a repository with several. */
  readonly folder?: string | undefined;
  readonly hubFolder: string;
  /** Disk space that must stay free. */
  readonly minFreeDiskBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
  readonly limits?: DownloadLimits;
}

export interface PullProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/**
 * Downloads a model from a Hub into the cache and returns its folder. Files of an earlier download are kept; the model can be
 * found once it is complete.
 * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `DOWNLOAD_CORRUPT`, `DISK_FULL`, `HOME_NOT_WRITABLE`,
 * `CANCELLED`, what `connectToHub` and `Hub` throw
 */
export async function pullModel(request: PullRequest): Promise<string> {
  try {
    return await pull(request);
  } catch (error) {
    const isOfDisk = !(error instanceof HearthError) && (error as NodeJS.ErrnoException).syscall !== undefined;
    throw isOfDisk ? writeError(request.hubFolder, error, { code: 'HOME_NOT_WRITABLE' }) : error;
  }
}

async function pull(request: PullRequest): Promise<string> {
  const hub = connectToHub(request);
  try {
    return await pullFrom(hub, request);
  } finally {
    await hub.close();
  }
}

async function pullFrom(hub: Hub, request: PullRequest): Promise<string> {
  const { repository, hubFolder, signal, onProgress } = request;
  const entry = findInCatalogue(repository);
  const { revision = entry?.revision ?? 'main' } = request;
  const { commit, files } = await readHubRepository({ hub, repository, revision, folder: request.folder, signal });
  const isPin = revision === entry?.revision;
  if (isPin) requirePinned(files, entry);
  const folder = repositoryFolder(hubFolder, repository);
  const blobs = join(folder, 'blobs');
  await mkdir(blobs, { recursive: true, mode: 0o700 });
  const totalBytes = files.reduce((sum, { byteCount }) => sum + byteCount, 0);
  const missing = await filesMissingIn(blobs, files);

  let doneBytes = totalBytes - missing.reduce((sum, { byteCount }) => sum + byteCount, 0);
  onProgress({ receivedBytes: doneBytes, totalBytes });
  for (const [index, file] of missing.entries()) {
    // Other programs may have filled the disk since.
    await requireDisk(request, missing.slice(index));
    await downloadFile({
      ...{ hub, file, signal, ...(request.limits && { limits: request.limits }) },
      path: join(blobs, file.hash.hex),
      onBytes: (byteCount) => onProgress({ receivedBytes: doneBytes + byteCount, totalBytes }),
    });
    doneBytes += file.byteCount;
  }
  const snapshot = await linkSnapshot(join(folder, 'snapshots', commit), files);
  const reference = revision === commit && !isPin ? chosenCommit(commit) : revision;
  await writeReference(join(folder, 'refs', reference), commit);
  return snapshot;
}

function requirePinned(files: readonly HubFile[], { name, weightsSha256 }: CatalogueEntry): void {
  if (weightsSha256 === null || files.some(({ hash }) => hash.hex === weightsSha256)) return;
  throw new HearthError(
    'DOWNLOAD_CORRUPT',
    `Expected weights of ${name} with the hash ${weightsSha256}, got others at this commit.`,
  );
}

async function filesMissingIn(blobs: string, files: readonly HubFile[]): Promise<readonly HubFile[]> {
  const sizes = await Promise.all(files.map(({ hash }) => stat(join(blobs, hash.hex)).catch(() => null)));
  return files.filter((file, index) => sizes[index]?.size !== file.byteCount);
}

async function requireDisk({ hubFolder, minFreeDiskBytes }: PullRequest, missing: readonly HubFile[]): Promise<void> {
  const { bavail, bsize } = await statfs(hubFolder);
  const wanted = missing.reduce((sum, { byteCount }) => sum + byteCount, 0) + minFreeDiskBytes;
  if (bavail * bsize >= wanted) return;
  throw new HearthError(
    'DISK_FULL',
    `Expected ${wanted} bytes of free disk space for the model, got ${bavail * bsize}.`,
    {
      hint: 'Free some disk space and pull the model again.',
    },
  );
}

async function linkSnapshot(snapshot: string, files: readonly HubFile[]): Promise<string> {
  await mkdir(snapshot, { recursive: true, mode: 0o700 });
  // Another folder of the same commit, or another format of its weights, may have been pulled before.
  const names = files.map(({ name }) => name);
  for (const old of await readdir(snapshot)) if (!names.includes(old)) await rm(join(snapshot, old), { force: true });
  for (const { name, hash } of files) {
    const link = join(snapshot, name);
    await rm(link, { force: true });
    await symlink(join('..', '..', 'blobs', hash.hex), link);
  }
  return snapshot;
}

async function writeReference(path: string, commit: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.next`, commit);
  await rename(`${path}.next`, path);
}

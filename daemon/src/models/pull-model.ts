import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { type CatalogueEntry, findInCatalogue } from './catalogue.ts';
import type { Hub, HubNetwork } from './connect-to-hub.ts';
import { arrivedBytes, type DownloadLimits, downloadFile } from './download-file.ts';
import { chosenCommit, repositoryFolder } from './hub-cache.ts';
import { type HubFile, readHubRepository } from './hub-repository.ts';
import { makeRepository } from './own-repository.ts';
import { hubFolderError, requireDisk, writeSnapshot } from './write-snapshot.ts';

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
    throw hubFolderError(request.hubFolder, error);
  }
}

async function pull(request: PullRequest): Promise<string> {
  // Its HTTP client is a tenth of what a daemon loads at its start.
  const { connectToHub } = await import('./connect-to-hub.ts');
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
  await makeRepository(folder);
  const totalBytes = sizeOf(files);
  const missing = await filesMissingIn(blobs, files);

  let doneBytes = totalBytes - sizeOf(missing);
  onProgress({ receivedBytes: doneBytes, totalBytes });
  for (const [index, file] of missing.entries()) {
    // Other programs may have filled the disk since.
    await requireDisk(hubFolder, await bytesToCome(blobs, missing.slice(index)), request.minFreeDiskBytes);
    await downloadFile({
      ...{ hub, file, signal, ...(request.limits && { limits: request.limits }) },
      path: join(blobs, file.hash.hex),
      onBytes: (byteCount) => onProgress({ receivedBytes: doneBytes + byteCount, totalBytes }),
    });
    doneBytes += file.byteCount;
  }
  const reference = revision === commit && !isPin ? chosenCommit(commit) : revision;
  return writeSnapshot({ folder, commit, reference, files });
}

/** @throws `DOWNLOAD_CORRUPT` for other weights than those that were looked at */
export function requirePinned(files: readonly Pick<HubFile, 'hash'>[], { name, weightsSha256 }: CatalogueEntry): void {
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

/** What an interrupted download left goes on where it stopped. */
async function bytesToCome(blobs: string, files: readonly HubFile[]): Promise<number> {
  const arrived = await Promise.all(
    files.map(async ({ hash, byteCount }) => Math.min(byteCount, await arrivedBytes(join(blobs, hash.hex)))),
  );
  return sizeOf(files) - arrived.reduce((sum, byteCount) => sum + byteCount, 0);
}

function sizeOf(files: readonly HubFile[]): number {
  return files.reduce((sum, { byteCount }) => sum + byteCount, 0);
}

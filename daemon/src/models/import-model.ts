import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, opendir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { extract } from 'tar';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { visibleText } from '../errors/visible-text.ts';
import { isRunning } from '../settings/is-running.ts';
import { isLockedHere } from '../settings/locked-files.ts';
import { ownLeftovers } from '../settings/own-leftovers.ts';
import { readFreeBytes } from '../settings/read-free-bytes.ts';
import { findInCatalogue } from './catalogue.ts';
import { chosenCommit, repositoryFolder } from './hub-cache.ts';
import { readShardIndex } from './model-files.ts';
import { allFilesOf, findModels, nameInModel } from './needed-files.ts';
import { makeRepository } from './own-repository.ts';
import { type PullProgress, requirePinned } from './pull-model.ts';
import { hubFolderError, noRoom, requireDisk, writeSnapshot } from './write-snapshot.ts';

export interface ImportRequest {
  /** A folder with a model, one of the files in it, or a tar archive of it. */
  readonly path: string;
  /** The name that the model gets: that of its repository. */
  readonly repository: string;
  /** Default: the pinned commit. Another one is not compared with the pinned hash. */
  readonly revision?: string | undefined;
  /** The folder of the model, if there are several in the path. */
  readonly folder?: string | undefined;
  readonly hubFolder: string;
  readonly minFreeDiskBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
}

/** A cache with every model there is has fewer. */
const mostFiles = 100_000;

const packedBytesAtOnce = 16 * 1024;

interface OwnFile {
  readonly name: string;
  readonly path: string;
  readonly byteCount: number;
  readonly hash: { readonly kind: 'sha256'; readonly hex: string };
}

/**
 * Puts a model that was brought by hand where a download would have put it; returns its folder. No network is used.
 * @throws `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `MODEL_INVALID`, `DOWNLOAD_CORRUPT`, `DISK_FULL`, `HOME_NOT_WRITABLE`,
 * `CANCELLED`
 */
export async function importModel(request: ImportRequest): Promise<string> {
  const given = await look(request.path);
  try {
    await mkdir(request.hubFolder, { recursive: true, mode: 0o700 });
    if (given === 'folder') return await importFolder(request.path, request, { recursive: true });
    if (!/\.(tar|tgz|tar\.gz)$/i.test(request.path)) {
      return await importFolder(dirname(request.path), request, { recursive: false });
    }
    const unpacked = await mkdtemp(join(request.hubFolder, `.unpacked-${process.pid}-`));
    try {
      await unpack(unpacked, request);
      return await importFolder(unpacked, request, { recursive: true });
    } finally {
      // After a damaged archive, files are still being written.
      await rm(unpacked, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    }
  } catch (error) {
    throw hubFolderError(request.hubFolder, error);
  }
}

const unpackedNames = /^\.unpacked-(?:(\d+)-)?[A-Za-z0-9]{6}$/;

/** Removes what imports left whose process was killed. Another home may share the folder, whose daemon unpacks there now. */
export async function removeUnpacked(hubFolder: string): Promise<void> {
  const left = await ownLeftovers(hubFolder, { names: unpackedNames, kind: 'folder' }).catch(() => []);
  for (const folder of left) {
    const [, processId] = unpackedNames.exec(basename(folder)) ?? [];
    const isInUse = processId !== undefined && Number(processId) !== process.pid && isRunning(Number(processId));
    if (!isInUse) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function look(path: string): Promise<'folder' | 'file'> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) await readdir(path);
    else if (!status.isFile()) throw notAFile(path);
    else await requireUnlocked(path);
    return status.isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    if (cause instanceof HearthError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const isClosed = code === 'EACCES' || code === 'EPERM';
    throw new HearthError(
      isClosed ? 'FILE_NOT_PERMITTED' : 'FILE_NOT_FOUND',
      `Expected a model at ${path}, but ${systemReason(cause)}.`,
      isClosed ? { hint: 'Move it to a folder that every program may read, such as /tmp.' } : {},
    );
  }
}

async function unpack(folder: string, { path, minFreeDiskBytes, signal }: ImportRequest): Promise<void> {
  let byteCount = (await stat(path)).size;
  await requireDisk(folder, byteCount, minFreeDiskBytes);
  const freeBytes = await readFreeBytes(folder);
  // The rest of the archive is read, and not written.
  let refusal: HearthError | null = null;
  await extract({
    file: path,
    cwd: folder,
    strict: true,
    // Each piece is unpacked in one go, to a thousand times as much at most.
    maxReadSize: packedBytesAtOnce,
    // A link could lead anywhere.
    filter: (_, entry) => {
      byteCount += entry.size;
      if (byteCount + minFreeDiskBytes > freeBytes) refusal ??= noRoom(byteCount + minFreeDiskBytes, freeBytes);
      if (signal.aborted) refusal ??= cancelled();
      if (refusal !== null) return false;
      return 'type' in entry && ['File', 'OldFile', 'Directory'].includes(entry.type);
    },
  }).catch((cause: Error) => {
    if (refusal !== null) return;
    if (signal.aborted) throw cancelled();
    if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') throw cause;
    throw new HearthError('MODEL_INVALID', `Expected a tar archive at ${path}, got one that is damaged.`, { cause });
  });
  if (refusal !== null) throw refusal;
}

/** To open a pipe would wait for good, and a device never ends. */
function notAFile(path: string): HearthError {
  return new HearthError('MODEL_INVALID', `Expected a file at ${path}, got a pipe, a socket or a device.`);
}

/** A link in a folder may lead to a file of Hearth's home, whose lock would be lost. */
async function requireUnlocked(path: string): Promise<void> {
  if (!(await isLockedHere(path))) return;
  throw new HearthError('MODEL_INVALID', `Expected a file of a model at ${path}, got a file that Hearth itself uses.`);
}

interface Search {
  readonly recursive: boolean;
}

async function importFolder(top: string, request: ImportRequest, search: Search): Promise<string> {
  const { repository, hubFolder, minFreeDiskBytes, onProgress } = request;
  const found = await findModelIn(top, request, search);
  const sizes = await Promise.all(found.map(({ path }) => sizeOf(path)));
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  await requireDisk(hubFolder, totalBytes, minFreeDiskBytes);
  const folder = repositoryFolder(hubFolder, repository);
  await makeRepository(folder);
  const files: OwnFile[] = [];
  let doneBytes = 0;
  for (const [index, file] of found.entries()) {
    const onBytes = (byteCount: number) => onProgress({ receivedBytes: doneBytes + byteCount, totalBytes });
    files.push(await copyToBlobs(file, folder, { ...request, onBytes }));
    doneBytes += sizes[index] ?? 0;
  }
  onProgress({ receivedBytes: totalBytes, totalBytes });
  return writeSnapshot({ folder, files, ...identify(files, request) });
}

/** Links are followed. */
async function sizeOf(path: string): Promise<number> {
  const status = await stat(path);
  if (status.isFile()) return status.size;
  throw notAFile(path);
}

async function findModelIn(
  top: string,
  { path, folder, signal }: ImportRequest,
  { recursive }: Search,
): Promise<readonly Pick<OwnFile, 'name' | 'path'>[]> {
  const places: string[] = [];
  for await (const entry of await opendir(top, { recursive })) {
    if (signal.aborted) throw cancelled();
    if (places.length === mostFiles) throw tooManyFiles(path);
    // A cache of the Hub has links to its files.
    if (entry.isFile() || entry.isSymbolicLink()) places.push(relative(top, join(entry.parentPath, entry.name)));
  }
  const models = findModels(places);
  const [only, another] = models.filter((model) => folder === undefined || model.folder === folder);
  const chosen = models.find((model) => model.folder === (folder ?? '')) ?? (another === undefined ? only : undefined);
  if (chosen !== undefined) {
    const paths = await allFilesOf({
      model: chosen,
      place: `The model at ${path}`,
      isThere: (each) =>
        stat(join(top, each)).then(
          () => true,
          () => false,
        ),
      readIndex: (each) => readShardIndex(join(top, each)),
    });
    return paths.map((each) => ({ name: nameInModel(each, chosen), path: join(top, each) }));
  }
  const folders = models.map((model) => visibleText(model.folder || '.')).join(', ');
  throw new HearthError(
    'MODEL_INVALID',
    models.length === 0
      ? `Expected config.json beside the weights of a model at ${path}, got no such folder.`
      : `Expected one of the models at ${path} (${folders}), got ${folder ?? 'none'}.`,
    models.length === 0 ? {} : { hint: 'Name its folder: `--folder`.' },
  );
}

function tooManyFiles(path: string): HearthError {
  return new HearthError(
    'MODEL_INVALID',
    `Expected the folder of a model, got more than ${mostFiles} files in ${path}.`,
    {
      hint: 'Name the folder that the model is in.',
    },
  );
}

/** Copies a file under the name of its hash, which is that of what was copied. */
async function copyToBlobs(
  { name, path }: Pick<OwnFile, 'name' | 'path'>,
  folder: string,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (byteCount: number) => void },
): Promise<OwnFile> {
  const copy = join(folder, 'blobs', `${sha256(name)}.incomplete`);
  await requireUnlocked(path);
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  const hash = createHash('sha256');
  let byteCount = 0;
  for await (const chunk of createReadStream(copy)) {
    if (signal.aborted) throw cancelled();
    hash.update(chunk as Buffer);
    byteCount += (chunk as Buffer).length;
    onBytes(byteCount);
  }
  const hex = hash.digest('hex');
  await rename(copy, join(folder, 'blobs', hex));
  return { name, path, byteCount, hash: { kind: 'sha256', hex } };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The pinned commit if the weights are those of the pin; a commit made of their hash if nobody says which it is. */
function identify(files: readonly OwnFile[], { repository, revision }: ImportRequest) {
  const entry = findInCatalogue(repository);
  if (revision === undefined && entry?.revision && entry.weightsSha256 !== null) {
    requirePinned(files, entry);
    return { commit: entry.revision, reference: entry.revision };
  }
  const largest = files.reduce((a, b) => (b.byteCount > a.byteCount ? b : a));
  const isCommit = /^[0-9a-f]{40}$/.test(revision ?? '');
  const commit = isCommit ? (revision as string) : largest.hash.hex.slice(0, 40);
  return { commit, reference: isCommit ? chosenCommit(commit) : (revision ?? 'offline') };
}

function cancelled(): HearthError {
  return new HearthError('CANCELLED', 'The model was not brought over: it was cancelled.');
}

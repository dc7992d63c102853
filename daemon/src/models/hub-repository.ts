import type { Response } from 'undici';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import type { Hub } from './connect-to-hub.ts';
import { allFilesOf, findModels, type ModelInRepository, nameInModel } from './needed-files.ts';

/** A file of a repository at a commit. */
export interface HubFile {
  /** Its path in the model's folder. */
  readonly name: string;
  readonly byteCount: number;
  /** The hash of its bytes: SHA-256 for large files, git's SHA-1 of a blob for small ones. */
  readonly hash: { readonly kind: 'sha256' | 'git-sha1'; readonly hex: string };
  readonly url: string;
}

export interface HubRepository {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

export interface HubRepositoryRequest {
  readonly hub: Hub;
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
  /** Where the model is, if the repository has several. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

interface Sibling {
  readonly rfilename: string;
  readonly size?: unknown;
  readonly blobId?: unknown;
  readonly lfs?: { readonly sha256?: unknown; readonly size?: unknown } | null;
}

/** A repository with a thousand files needs a fifth of this. */
const mostMetadataBytes = 2 * 1024 * 1024;

/**
 * The files of a model in a repository that the engine reads: configuration, weights and vocabulary.
 * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `HUB_INVALID`, what `Hub` throws
 */
export async function readHubRepository(request: HubRepositoryRequest): Promise<HubRepository> {
  const { hub, repository, revision, signal } = request;
  const { endpoint } = hub;
  const response = await hub.fetch(
    `${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`,
    {
      signal,
    },
  );
  if (response.status === 404 || response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    throw new HearthError(
      'MODEL_NOT_FOUND',
      `Expected the model ${repository} at ${endpoint}, got none (${revision}).`,
      {
        hint: 'Check its name and revision; models that ask for a log-in are not supported.',
      },
    );
  }
  const { sha: commit, siblings } = requireDescription(await readJson(response), endpoint);
  const base = `${endpoint}/${repository}/resolve/${commit}`;
  const paths = new Set(siblings.map(({ rfilename }) => rfilename));
  const model = requireModel([...paths], request);
  const wanted = new Set(
    await allFilesOf({
      model,
      place: `The repository ${repository}`,
      isThere: async (path) => paths.has(path),
      readIndex: (path) => readIndex(urlOf(path, base), request),
    }),
  );
  const needed = siblings.filter(({ rfilename }) => wanted.has(rfilename));
  const files = needed.map((sibling) => {
    const file = toFile(sibling, { name: nameInModel(sibling.rfilename, model), url: urlOf(sibling.rfilename, base) });
    if (file === null) throw unexpected(endpoint, `no size and no hash of ${visibleText(sibling.rfilename)}`);
    return file;
  });
  return { commit, files };
}

/** It comes again with the other files, and its hash is looked at then. */
async function readIndex(url: string, { hub, signal }: HubRepositoryRequest): Promise<string> {
  const response = await hub.fetch(url, { signal });
  const { host } = new URL(url);
  if (response.ok) return readText(response, host);
  await response.body?.cancel();
  throw new HearthError('HUB_INVALID', `Expected the list of weights from ${host}, got status ${response.status}.`);
}

function urlOf(path: string, base: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** A hub may answer with anything. */
function requireDescription(answer: unknown, endpoint: string): { sha: string; siblings: readonly Sibling[] } {
  const { sha, siblings } = (answer ?? {}) as { readonly sha?: unknown; readonly siblings?: unknown };
  const isCommit = typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha);
  if (isCommit && Array.isArray(siblings) && siblings.every(isNamed)) return { sha, siblings };
  throw unexpected(endpoint, 'an unknown answer');
}

function isNamed(sibling: unknown): boolean {
  return typeof (sibling as { readonly rfilename?: unknown } | null)?.rfilename === 'string';
}

function unexpected(place: string, got: string): HearthError {
  return new HearthError('HUB_INVALID', `Expected an answer from ${place}, got ${got}.`);
}

async function readJson(response: Response): Promise<unknown> {
  const { host } = new URL(response.url);
  const text = await readText(response, host);
  try {
    return JSON.parse(text);
  } catch {
    throw unexpected(host, 'no JSON');
  }
}

/** A malicious hub must not fill the memory. */
async function readText(response: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  for await (const chunk of response.body ?? []) {
    byteCount += chunk.byteLength;
    if (byteCount > mostMetadataBytes) throw unexpected(host, 'far more than the description of a model');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toFile(
  { size, blobId, lfs }: Sibling,
  { name, url }: { readonly name: string; readonly url: string },
): HubFile | null {
  const [large, small] = [lfs?.sha256, blobId];
  if (isHash(large, 64) && isSize(lfs?.size))
    return { name, byteCount: lfs.size, hash: { kind: 'sha256', hex: large }, url };
  if (isHash(small, 40) && isSize(size)) return { name, byteCount: size, hash: { kind: 'git-sha1', hex: small }, url };
  return null;
}

function isHash(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}

/** Nothing that a model needs is empty. */
function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** The model that is asked for, of the one at the top, or of the only one. */
function requireModel(
  paths: readonly string[],
  { repository, folder }: Pick<HubRepositoryRequest, 'repository' | 'folder'>,
): ModelInRepository {
  const models = findModels(paths);
  const [only, another] = models;
  const found = models.find((model) => model.folder === (folder ?? '')) ?? (folder === undefined ? only : undefined);
  if (found !== undefined && (found.folder === (folder ?? '') || another === undefined)) return found;
  if (models.length === 0) {
    throw new HearthError('MODEL_INVALID', `The repository ${repository} lacks config.json or weights.`);
  }
  const folders = models.map((model) => visibleText(model.folder || '.')).join(', ');
  throw new HearthError(
    'MODEL_INVALID',
    `Expected one of the models in ${repository} (${folders}), got ${folder ?? 'none'}.`,
    {
      hint: 'Name its folder: `hearth models pull --folder`.',
    },
  );
}

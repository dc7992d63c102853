import { basename } from 'node:path';
import type { Response } from 'undici';
import { HearthError } from '../errors/hearth-error.ts';
import type { Hub } from './connect-to-hub.ts';
import { findModels } from './needed-files.ts';

/** A file of a repository at a commit. */
export interface HubFile {
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
  readonly size?: number;
  readonly blobId?: string;
  readonly lfs?: { readonly sha256: string; readonly size: number };
}

/** A repository with a thousand files needs a fifth of this. */
const mostMetadataBytes = 2 * 1024 * 1024;

/**
 * The files of a model in a repository that the engine reads: configuration, weights and vocabulary.
 * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `HUB_UNREACHABLE`
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
  const { sha, siblings } = (await readJson(response)) as { sha?: string; siblings?: readonly Sibling[] };
  if (!/^[0-9a-f]{40}$/.test(sha ?? '') || siblings === undefined) throw unexpected(endpoint, 'an unknown answer');
  const commit = sha as string;
  const wanted = requireModel(
    siblings.map(({ rfilename }) => rfilename),
    request,
  );
  const needed = siblings.filter(({ rfilename }) => wanted.includes(rfilename));
  const files = needed.map((sibling) => toFile(sibling, `${endpoint}/${repository}/resolve/${commit}`));
  return { commit, files: files.filter((file) => file !== null) };
}

function unexpected(place: string, got: string): HearthError {
  return new HearthError('HUB_UNREACHABLE', `Expected an answer from ${place}, got ${got}.`);
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

function toFile({ rfilename: path, size, blobId, lfs }: Sibling, base: string): HubFile | null {
  const name = basename(path);
  const url = `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
  if (/^[0-9a-f]{64}$/.test(lfs?.sha256 ?? '')) {
    const { sha256, size: byteCount } = lfs as NonNullable<typeof lfs>;
    return { name, byteCount, hash: { kind: 'sha256', hex: sha256 }, url };
  }
  if (size === undefined || !/^[0-9a-f]{40}$/.test(blobId ?? '')) return null;
  return { name, byteCount: size, hash: { kind: 'git-sha1', hex: blobId as string }, url };
}

/** The paths of the model that is asked for, of the one at the top, or of the only one. */
function requireModel(
  paths: readonly string[],
  { repository, folder }: Pick<HubRepositoryRequest, 'repository' | 'folder'>,
): readonly string[] {
  const models = findModels(paths);
  const [only, another] = models;
  const found = models.find((model) => model.folder === (folder ?? '')) ?? (folder === undefined ? only : undefined);
  if (found !== undefined && (found.folder === (folder ?? '') || another === undefined)) return found.paths;
  if (models.length === 0) {
    throw new HearthError('MODEL_INVALID', `The repository ${repository} lacks config.json or weights.`);
  }
  const folders = models.map((model) => model.folder || '.').join(', ');
  throw new HearthError(
    'MODEL_INVALID',
    `Expected one of the models in ${repository} (${folders}), got ${folder ?? 'none'}.`,
    {
      hint: 'Name its folder: `hearth models pull --folder`.',
    },
  );
}

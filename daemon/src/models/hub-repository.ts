import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';

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
  readonly endpoint: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
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

const neededFile = /^[\w.-]+\.(json|safetensors|npz|tiktoken)$/;

/**
 * The files of a model in a repository: configuration, weights and vocabulary.
 * @throws `MODEL_NOT_FOUND`, `MODEL_INVALID`, `HUB_UNREACHABLE`
 */
export async function readHubRepository(request: HubRepositoryRequest): Promise<HubRepository> {
  const { endpoint, repository, revision, signal } = request;
  const response = await fetchFromHub(
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
  const files = siblings.flatMap((sibling) => toFile(sibling, `${endpoint}/${repository}/resolve/${commit}`));
  return { commit, files: requireModel(files, repository) };
}

/** Sends a request to the Hub. @throws `HUB_UNREACHABLE` if nobody answers or the Hub fails */
export async function fetchFromHub(url: string, options: RequestInit): Promise<Response> {
  const headers = { 'user-agent': 'hearth', 'accept-encoding': 'identity', ...options.headers };
  const response = await fetch(url, { ...options, headers }).catch((cause: Error) => {
    options.signal?.throwIfAborted();
    const reason = systemReason(cause.cause ?? cause);
    throw new HearthError('HUB_UNREACHABLE', `Expected an answer from ${new URL(url).host}, got ${reason}.`, { cause });
  });
  if (response.status < 500 && response.status !== 429) return response;
  await response.body?.cancel();
  throw unexpected(new URL(url).host, `status ${response.status}`);
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

function toFile({ rfilename: name, size, blobId, lfs }: Sibling, base: string): HubFile[] {
  if (!neededFile.test(name)) return [];
  const url = `${base}/${name}`;
  if (/^[0-9a-f]{64}$/.test(lfs?.sha256 ?? '')) {
    const { sha256, size: byteCount } = lfs as NonNullable<typeof lfs>;
    return [{ name, byteCount, hash: { kind: 'sha256', hex: sha256 }, url }];
  }
  if (size === undefined || !/^[0-9a-f]{40}$/.test(blobId ?? '')) return [];
  return [{ name, byteCount: size, hash: { kind: 'git-sha1', hex: blobId as string }, url }];
}

function requireModel(files: readonly HubFile[], repository: string): readonly HubFile[] {
  const hasSafetensors = files.some(({ name }) => name.endsWith('.safetensors'));
  const wanted = files.filter(({ name }) => !(hasSafetensors && name.endsWith('.npz')));
  const isModel =
    wanted.some(({ name }) => name === 'config.json') && wanted.some(({ name }) => /\.(safetensors|npz)$/.test(name));
  if (isModel) return wanted;
  throw new HearthError('MODEL_INVALID', `The repository ${repository} lacks config.json or weights.`);
}

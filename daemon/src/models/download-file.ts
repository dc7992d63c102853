import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import type { Hub } from './connect-to-hub.ts';
import type { HubFile } from './hub-repository.ts';

export interface DownloadRequest {
  readonly hub: Hub;
  readonly file: HubFile;
  /** Where the complete, verified file goes. Until then it is stored beside it with the ending `.incomplete`. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Called with the number of bytes received so far. */
  readonly onBytes: (byteCount: number) => void;
  readonly limits?: DownloadLimits;
}

export interface DownloadLimits {
  /** A download that receives nothing for this long is restarted where it stopped. */
  readonly idleMs: number;
  /** Attempts in a row without progress before giving up. */
  readonly fruitlessAttempts: number;
  readonly retryDelayMs: number;
}

const defaultLimits: DownloadLimits = { idleMs: 30_000, fruitlessAttempts: 5, retryDelayMs: 1000 };

/**
 * Downloads a file, continuing an earlier attempt, and checks its hash.
 * @throws what `Hub` throws, `DOWNLOAD_CORRUPT`, `CANCELLED`, what the file system throws
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  const { file, path, limits = defaultLimits } = request;
  const partial = partialOf(path);
  for (let fruitless = 0; ; ) {
    const before = await sizeOf(partial);
    try {
      if (before < file.byteCount) await receive(request, partial, before);
      break;
    } catch (error) {
      if (request.signal.aborted) throw cancelled();
      if ((error as { code?: string }).code !== 'HUB_UNREACHABLE') throw error;
      fruitless = (await sizeOf(partial)) > before ? 0 : fruitless + 1;
      if (fruitless >= limits.fruitlessAttempts) throw error;
      await delay(limits.retryDelayMs * 2 ** fruitless, undefined, { signal: request.signal }).catch(() => {
        throw cancelled();
      });
    }
  }
  await requireHash(file, partial);
  await rename(partial, path);
}

/** How much of a file that is not complete has arrived. */
export function arrivedBytes(path: string): Promise<number> {
  return sizeOf(partialOf(path));
}

function partialOf(path: string): string {
  return `${path}.incomplete`;
}

async function receive(
  { hub, file, signal, onBytes, limits = defaultLimits }: DownloadRequest,
  path: string,
  from: number,
) {
  const idle = new AbortController();
  const watched = AbortSignal.any([signal, idle.signal]);
  let timer = setTimeout(() => idle.abort(), limits.idleMs);
  let handle: FileHandle | undefined;
  try {
    const headers = from > 0 ? { range: `bytes=${from}-` } : {};
    const response = await hub.fetch(file.url, { headers, signal: watched });
    // A server without support for ranges sends everything.
    let byteCount = response.status === 206 ? from : 0;
    if (response.status === 416) await rm(path, { force: true });
    if (!response.ok || response.body === null) throw refused(response.status);
    handle = await open(path, byteCount > 0 ? 'a' : 'w', 0o600);
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), limits.idleMs);
      byteCount += chunk.length;
      if (byteCount > file.byteCount) throw corrupt(file, `more than ${file.byteCount} bytes`);
      await handle.writeFile(chunk);
      onBytes(byteCount);
    }
    if (byteCount < file.byteCount) throw unreachable(`got an end after ${byteCount} of ${file.byteCount} bytes`);
    await handle.sync();
  } catch (error) {
    throw fromNetwork(error);
  } finally {
    clearTimeout(timer);
    await handle?.close();
  }

  function unreachable(found: string): HearthError {
    return new HearthError('HUB_UNREACHABLE', `Expected ${file.name} from ${new URL(file.url).host}, ${found}.`);
  }

  /** To ask again helps where the server was busy, or had no such range. */
  function refused(status: number): HearthError {
    const code = status === 408 || status === 416 ? 'HUB_UNREACHABLE' : 'HUB_INVALID';
    return new HearthError(code, `Expected ${file.name} from ${new URL(file.url).host}, got status ${status}.`);
  }

  function fromNetwork(error: unknown): unknown {
    if (error instanceof HearthError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
    return unreachable(
      idle.signal.aborted
        ? `got nothing for ${limits.idleMs / 1000} s`
        : `but ${systemReason((error as Error).cause ?? error)}`,
    );
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function requireHash(file: HubFile, path: string): Promise<void> {
  const hash = hashOf(file);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found === file.hash.hex) return;
  // Continuing after wrong bytes would never give the right file.
  await rm(path, { force: true });
  throw corrupt(file, `the hash ${found} in place of ${file.hash.hex}`);
}

function hashOf({ hash, byteCount }: HubFile): Hash {
  return hash.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${byteCount}\0`);
}

function corrupt(file: HubFile, got: string): HearthError {
  return new HearthError('DOWNLOAD_CORRUPT', `Expected ${file.name} as its repository has it, got ${got}.`);
}

function cancelled(): HearthError {
  return new HearthError('CANCELLED', 'The download was cancelled.', {
    hint: 'Start it again. It continues where it stopped.',
  });
}

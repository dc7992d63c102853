import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskFull, writingError } from '../../converters/converter-errors.ts';
import type { Sandbox } from '../../converters/sandbox.ts';
import { readFreeBytes } from '../../settings/read-free-bytes.ts';
import type { OpenInput } from './open-input.ts';
import type { OpenRecordingRequest } from './recording.ts';

/**
 * The recording as a converter may open it by its path. Linux lets it open the file that is open already, and a sandbox
 * keeps it from a link that has taken the recording's place. Where there is neither, it gets a private copy, which the
 * caller removes.
 * @throws `DISK_FULL`, `HOME_NOT_WRITABLE`, `CANCELLED`
 */
export async function forConverter(
  input: OpenInput,
  request: OpenRecordingRequest,
  { name }: Sandbox,
): Promise<OpenInput> {
  const isSafe = request.followLinks === true || name !== 'none' || process.platform === 'linux';
  if (isSafe) return input;
  const path = join(request.temporaryFolder, `recording-${randomUUID()}`);
  try {
    await requireRoom(input, request);
    const bytes = input.file.createReadStream({ start: 0, autoClose: false });
    const signal = request.signal ?? new AbortController().signal;
    await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    return { file: input.file, path };
  } catch (error) {
    await rm(path, { force: true });
    request.signal?.throwIfAborted();
    throw writingError(error);
  }
}

async function requireRoom({ file }: OpenInput, request: OpenRecordingRequest): Promise<void> {
  const freeBytes = await readFreeBytes(request.temporaryFolder);
  if (freeBytes - (await file.stat()).size < request.minFreeDiskBytes) throw diskFull();
}

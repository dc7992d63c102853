import { open } from 'node:fs/promises';
import type { GrowingUpload } from './spool.ts';
import { bytesBetweenDiskChecks, uploadError } from './write-upload.ts';

export interface GrowUploadRequest {
  readonly path: string;
  readonly firstBytes: Uint8Array;
  readonly requireSize: (byteCount: number) => void;
  readonly requireDisk: () => Promise<void>;
}

/** A file of the spool that is written piece by piece and read at the same time. @throws `HOME_NOT_WRITABLE`, `DISK_FULL` */
export async function growUpload(request: GrowUploadRequest): Promise<GrowingUpload> {
  const { path, firstBytes, requireSize, requireDisk } = request;
  const file = await open(path, 'wx', 0o600).catch((error) => {
    throw uploadError(error);
  });
  let byteCount = 0;
  let nextDiskCheck = bytesBetweenDiskChecks;
  let isClosed = false;

  async function append(bytes: Uint8Array): Promise<void> {
    requireSize(byteCount + bytes.length);
    try {
      if (byteCount + bytes.length >= nextDiskCheck) {
        nextDiskCheck += bytesBetweenDiskChecks;
        await requireDisk();
      }
      // At its place: what was written in part before an error is written over.
      for (let done = 0; done < bytes.length; ) {
        done += (await file.write(bytes, done, bytes.length - done, byteCount + done)).bytesWritten;
      }
      byteCount += bytes.length;
    } catch (error) {
      throw uploadError(error);
    }
  }

  if (firstBytes.length > 0) await append(firstBytes);
  return {
    path,
    byteCount: () => byteCount,
    append,
    async close() {
      if (isClosed) return;
      isClosed = true;
      await file.sync().catch(() => undefined);
      await file.close();
    },
  };
}

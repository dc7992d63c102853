import { Transform } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';

/** How much comes in before the disk is looked at again. */
const bytesBetweenDiskChecks = 16 * 1024 * 1024;

export interface UploadGuardRequest {
  readonly idleMs: number;
  readonly requireSize: (byteCount: number) => void;
  readonly requireDisk: () => Promise<void>;
}

/** Lets an upload pass while it stays within its limits and keeps coming. */
export function uploadGuard({ idleMs, requireSize, requireDisk }: UploadGuardRequest): {
  readonly stream: Transform;
  readonly byteCount: () => number;
} {
  let byteCount = 0;
  let nextDiskCheck = bytesBetweenDiskChecks;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      byteCount += chunk.length;
      idleTimer.refresh();
      check().then(
        () => done(null, chunk),
        (error: Error) => done(error),
      );
    },
    flush(done) {
      clearTimeout(idleTimer);
      done();
    },
    destroy(error, done) {
      clearTimeout(idleTimer);
      done(error);
    },
  });
  const idleTimer = setTimeout(() => {
    const message = `Expected the upload to go on, got nothing for ${idleMs / 1000} s.`;
    stream.destroy(new HearthError('BODY_INCOMPLETE', message));
  }, idleMs);

  async function check(): Promise<void> {
    requireSize(byteCount);
    if (byteCount < nextDiskCheck) return;
    nextDiskCheck += bytesBetweenDiskChecks;
    await requireDisk();
  }

  return { stream, byteCount: () => byteCount };
}

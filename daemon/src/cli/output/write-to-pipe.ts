import { once } from 'node:events';
import { closeSync, constants, fstatSync, open, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HearthError } from '../../errors/hearth-error.ts';
import { requireSameFile } from './require-same-file.ts';

const readerCheckMs = 50;

export interface FoundPipe {
  readonly path: string;
  readonly existing: Stats;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes to a named pipe once it has a reader.
 * @throws `CANCELLED` when `signal` aborts before, EPIPE when the reader closes the pipe, as `requireSameFile`
 */
export async function writeToPipe(found: FoundPipe, content: string | Uint8Array): Promise<void> {
  const { signal } = found;
  const fd = await openForReader(found);
  // A socket, because Ctrl-C cannot end a thread that waits in a write or an open.
  const pipe = new Socket({ fd, readable: false, writable: true });
  try {
    pipe.end(content);
    await once(pipe, 'finish', signal && { signal });
  } catch (error) {
    throw signal?.aborted ? cancelled() : error;
  } finally {
    pipe.destroy();
  }
}

async function openForReader({ path, existing, signal }: FoundPipe): Promise<number> {
  for (;;) {
    if (signal?.aborted) throw cancelled();
    try {
      const fd = await promisify(open)(path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        requireSameFile(path, existing, fstatSync(fd));
        return fd;
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await delay(readerCheckMs, undefined, signal && { signal }).catch(() => undefined);
  }
}

function cancelled(): HearthError {
  return new HearthError('CANCELLED', 'Cancelled while no program was reading the pipe.');
}

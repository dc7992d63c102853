import { once } from 'node:events';
import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HearthError } from '../../errors/hearth-error.ts';

const readerCheckMs = 50;

/**
 * Writes to a named pipe once it has a reader.
 * @throws `CANCELLED` when `signal` aborts before, EPIPE when the reader closes the pipe
 */
export async function writeToPipe(path: string, content: string | Uint8Array, signal?: AbortSignal): Promise<void> {
  const fd = await openForReader(path, signal);
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

async function openForReader(path: string, signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    if (signal?.aborted) throw cancelled();
    try {
      return await promisify(open)(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    }
    await delay(readerCheckMs, undefined, signal && { signal }).catch(() => undefined);
  }
}

function cancelled(): HearthError {
  return new HearthError('CANCELLED', 'Cancelled while no program was reading the pipe.');
}

import { close, constants, open, read } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HearthError } from '../errors/hearth-error.ts';

const writerCheckMs = 50;
const firstBytes = 16 * 1024;

/**
 * Reads a named pipe once a program writes to it.
 * @throws `CANCELLED` when `signal` aborts before; the system's error
 */
export async function openPipe(path: string, signal?: AbortSignal): Promise<Readable> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const first = await untilWritten(fd, signal);
    // A socket, because Ctrl-C cannot end a thread that waits in a read or an open.
    const pipe = new Socket({ fd, readable: true, writable: false });
    pipe.unshift(first);
    return pipe;
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
}

/** The first bytes. Until a program has opened the pipe, it looks like one at its end. */
async function untilWritten(fd: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const buffer = Buffer.alloc(firstBytes);
  for (;;) {
    if (signal?.aborted) {
      throw new HearthError('CANCELLED', 'Cancelled while no program was writing to the pipe.', { hint: '' });
    }
    try {
      const { bytesRead } = await promisify(read)(fd, buffer, 0, buffer.length, null);
      if (bytesRead > 0) return buffer.subarray(0, bytesRead);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    await delay(writerCheckMs, undefined, signal && { signal }).catch(() => undefined);
  }
}

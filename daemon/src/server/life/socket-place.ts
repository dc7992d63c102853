import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { HearthError } from '../../errors/hearth-error.ts';

/** Socket addresses of macOS hold 104 bytes with their end; Node cuts longer ones off without a word. */
const longestSocketPathBytes = 103;
/** How the system says that nobody listens at a path. */
const unanswered = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ENOTDIR'];

/** @throws `SOCKET_PATH_TOO_LONG` */
export function requireShortPath(socketPath: string): void {
  const length = Buffer.byteLength(socketPath);
  if (length <= longestSocketPathBytes) return;
  throw new HearthError(
    'SOCKET_PATH_TOO_LONG',
    `Expected a socket path of at most ${longestSocketPathBytes} bytes, got ${length}: ${socketPath}.`,
  );
}

/** Whether a process listens there, busy or stopped ones included; a socket whose process died refuses. */
export function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(!unanswered.includes(error.code ?? '')));
  });
}

/** Removes the socket that a dead daemon left. Whoever calls this has the home's lock. @throws `HOME_NOT_WRITABLE` */
export async function clearSocket(socketPath: string): Promise<void> {
  const status = await lstat(socketPath).catch(() => null);
  if (status === null) return;
  if (!status.isSocket()) {
    throw new HearthError('HOME_NOT_WRITABLE', `Expected a socket or nothing at ${socketPath}, got something else.`, {
      hint: 'Move it away, or set HEARTH_HOME to another folder.',
    });
  }
  await unlink(socketPath);
}

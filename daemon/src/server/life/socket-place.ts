import { lstat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { HearthError } from '../../errors/hearth-error.ts';

/** Socket addresses on macOS hold 104 bytes including the terminating zero; Node silently truncates longer ones. */
const longestSocketPathBytes = 103;
/** Error codes that mean that nobody listens at a path. */
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

/** Whether a process listens there, even a busy or stopped one; the socket of a dead process refuses connections. */
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

/** Removes the socket of a dead daemon. The caller must hold the home's lock. @throws `HOME_NOT_WRITABLE` */
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

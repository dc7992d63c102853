import { unlinkSync } from 'node:fs';
import { chmod, lstat, rename, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { watchPlace } from '../../settings/file-identity.ts';

/** Socket addresses on macOS hold 104 bytes including the terminating zero; Node silently truncates longer ones. */
const longestSocketPathBytes = 103;
/** Error codes that mean that nobody listens at a path. */
const unanswered = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EPROTOTYPE'];

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

/** No longer than the name of the socket, for which there may be no more room. */
const unplaced = '.hearth.new';

/**
 * Makes a socket that only its owner can open, and returns what removes it. Closing a listener deletes whatever is at the path
 * where it began to listen: it begins beside its place, so that what somebody else has put there later stays. The caller
 * must hold the home's lock. @throws `HOME_NOT_WRITABLE`
 */
export async function placeSocket(socketPath: string, listen: (path: string) => Promise<unknown>): Promise<() => void> {
  await clearSocket(socketPath);
  const path = join(dirname(socketPath), unplaced);
  await clearSocket(path);
  await listen(path);
  await chmod(path, 0o600);
  await rename(path, socketPath);
  const isInPlace = watchPlace(socketPath);
  return () => {
    if (isInPlace()) removeNow(socketPath);
  };
}

function removeNow(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or the disk takes no writes; the next daemon removes it.
  }
}

import { constants } from 'node:fs';
import { access, chmod, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';

/** Socket addresses of macOS hold 104 bytes with their end; Node cuts longer ones off without a word. */
const longestSocketPathBytes = 103;
const startLockLimitMs = 10_000;

/**
 * Makes way for a socket at this path and lets `listen` take it; null when somebody listens there. Two daemons that start at once are told apart by
 * a lock that `listen` runs under.
 * @throws `SOCKET_PATH_TOO_LONG`, `HOME_NOT_WRITABLE`
 */
export async function listenAlone<Listening>(
  socketPath: string,
  listen: () => Promise<Listening>,
): Promise<Listening | null> {
  requireShortPath(socketPath);
  const lock = `${socketPath}.starting`;
  await takeLock(lock);
  try {
    if (await answers(socketPath)) return null;
    await rm(socketPath, { force: true });
    const listening = await listen();
    await chmod(socketPath, 0o600);
    return listening;
  } finally {
    await rmdir(lock);
  }
}

function requireShortPath(socketPath: string): void {
  const length = Buffer.byteLength(socketPath);
  if (length <= longestSocketPathBytes) return;
  throw new HearthError(
    'SOCKET_PATH_TOO_LONG',
    `Expected a socket path of at most ${longestSocketPathBytes} bytes, got ${length}: ${socketPath}.`,
  );
}

async function takeLock(lock: string): Promise<void> {
  while (!(await mkdir(lock).then(() => true, ignoreExisting))) {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    // Whoever took it died while starting.
    if (age > startLockLimitMs) await rmdir(lock).catch(() => undefined);
    await delay(20);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): boolean {
  if (error.code === 'EEXIST') return false;
  throw error;
}

/** Whether a daemon listens there; a socket whose daemon died refuses. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Creates the home for its owner alone. @throws `HOME_NOT_WRITABLE` */
export async function prepareHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await chmod(home, 0o700);
    await access(home, constants.W_OK);
  } catch (error) {
    throw new HearthError('HOME_NOT_WRITABLE', `Expected to write in ${home}, got ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

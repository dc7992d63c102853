import { type HomePaths, homePaths } from '../../settings/home-paths.ts';
import { type HomeLock, takeHomeLock } from './home-lock.ts';
import { prepareHome } from './prepare-home.ts';
import { requireShortPath } from './socket-place.ts';

export interface ClaimedHome {
  readonly paths: HomePaths;
  readonly lock: HomeLock;
}

/**
 * Makes this process the only one that opens, cleans up or changes anything in the home. Returns null if a daemon
 * already answers there.
 * @throws `SETTINGS_INVALID`, `HOME_NOT_WRITABLE`, `HOME_IN_USE`, `SOCKET_PATH_TOO_LONG`
 */
export async function claimHome(): Promise<ClaimedHome | null> {
  // Everything that the daemon creates is only accessible to its owner, including the socket from its creation on.
  process.umask(0o077);
  const paths = homePaths();
  requireShortPath(paths.socket);
  await prepareHome(paths.home);
  const lock = await takeHomeLock({ paths, onWait: logWait });
  return lock === null ? null : { paths, lock };
}

function logWait(holder: number | null): void {
  const who = holder === null ? 'Another process' : `Process ${holder}`;
  process.stderr.write(`${who} starts or stops in this home. Waiting for it.\n`);
}

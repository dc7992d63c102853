import { connectOrStart } from '../client/connect-or-start.ts';
import type { Daemon } from '../client/request.ts';
import { ownVersion } from '../settings/own-version.ts';
import { daemonLocation } from './daemon-location.ts';
import { warn } from './terminal/print.ts';

/** This user's daemon, which is started if none is running. @throws what starting it throws */
export async function reachDaemon(signal?: AbortSignal): Promise<Daemon> {
  const location = daemonLocation();
  await connectOrStart({ ...location, signal }, async (request) => {
    const { startServiceOrDaemon } = await import('./service/start-service.ts');
    await startServiceOrDaemon(request);
  });
  return { socketPath: location.socketPath, signal, onVersion: warnOfOtherVersion() };
}

/** Warns once about a daemon of another version, such as one that was started before an update. */
function warnOfOtherVersion(): (version: string) => void {
  const own = ownVersion();
  let isWarned = false;
  return (version) => {
    if (version === own || isWarned) return;
    isWarned = true;
    warn(`The daemon is Hearth ${version}, but this is ${own}. Run \`hearth restart\` to update the daemon.`);
  };
}

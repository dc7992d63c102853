import { stopDaemon } from '../client/stop-daemon.ts';
import { homePaths } from '../settings/home-paths.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { requireHearthService } from './hearth-service.ts';
import { say } from './terminal/print.ts';

/** `hearth uninstall`: what Hearth has kept stays. */
export async function runUninstall(): Promise<ExitCode> {
  const service = requireHearthService();
  await stopDaemon(daemonLocation());
  const removed = await service.uninstall();
  const done = removed ? 'Hearth no longer starts by itself.' : 'Hearth was not installed as a service.';
  say(`${done} What it has kept stays in ${homePaths().home}.`);
  return exitCodes.ok;
}

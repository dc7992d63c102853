import { stopDaemon } from '../client/stop-daemon.ts';
import { homePaths } from '../settings/home-paths.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { requireHearthService } from './hearth-service.ts';
import { sayWhatStopsWithIt } from './say-what-stops-with-it.ts';
import { say } from './terminal/print.ts';

/** `hearth uninstall`: ends the service and its daemon; what Hearth has kept stays. Without a service nothing is touched. */
export async function runUninstall(): Promise<ExitCode> {
  const service = requireHearthService();
  if (!service.isInstalled()) {
    say('Hearth is not installed as a service. Nothing was changed.');
    return exitCodes.ok;
  }
  await stopDaemon({ ...daemonLocation(), onWork: sayWhatStopsWithIt });
  await service.uninstall();
  say(`Hearth no longer starts by itself. Its settings, models and history stay in ${homePaths().home}.`);
  return exitCodes.ok;
}

import { readHealth } from '../client/health.ts';
import { startDaemon } from '../client/start-daemon.ts';
import { stopDaemon } from '../client/stop-daemon.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { hearthService } from './hearth-service.ts';
import { prepareServiceHome } from './prepare-service-home.ts';
import { sayWhatStopsWithIt } from './say-what-stops-with-it.ts';
import { say } from './terminal/print.ts';
import { waitForService } from './wait-for-service.ts';

/** `hearth restart`: on the code and the settings that are there now. */
export async function runRestart(): Promise<ExitCode> {
  const location = daemonLocation();
  // Asked first, it may finish its job; the service manager would give it no longer than its limit.
  await stopDaemon({ ...location, onWork: sayWhatStopsWithIt });
  const service = hearthService();
  if (service?.isInstalled() === true) {
    prepareServiceHome();
    await service.restart();
    await waitForService({ service, ...location });
  } else {
    await startDaemon(location);
  }
  const { processId, version } = await readHealth(location);
  say(`Hearth ${version} is running (pid ${processId}).`);
  return exitCodes.ok;
}

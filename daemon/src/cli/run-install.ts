import { stopDaemon } from '../client/stop-daemon.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { requireHearthService } from './hearth-service.ts';
import { prepareServiceHome } from './prepare-service-home.ts';
import { requireOpenPlace } from './require-open-place.ts';
import { sayWhatStopsWithIt } from './say-what-stops-with-it.ts';
import { serviceDefinition } from './service-definition.ts';
import { say } from './terminal/print.ts';
import { waitForService } from './wait-for-service.ts';

/** `hearth install`: run again after an upgrade, it leaves the service running on the new code. */
export async function runInstall(): Promise<ExitCode> {
  const service = requireHearthService();
  const { socketPath, serverModule } = daemonLocation();
  if (service.manager === 'launchd') requireOpenPlace(serverModule);
  await service.requireAvailable();
  prepareServiceHome();
  // A daemon that a command started keeps the service's own from listening; an older one of the service may finish its job.
  await stopDaemon({ socketPath, onWork: sayWhatStopsWithIt });
  await service.install(serviceDefinition());
  const { processId, version } = await waitForService({ service, socketPath });
  say(`Hearth ${version} is running (pid ${processId}) and starts at every login (${service.definitionFile}).`);
  return exitCodes.ok;
}

import type { Command } from 'commander';
import { homePaths } from '../../settings/home-paths.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { daemonLocation } from '../daemon-location.ts';
import { requireReadablePlace } from '../installation.ts';
import {
  prepareServiceHome,
  requireHearthService,
  serviceDefinition,
  withheldProxies,
} from '../service/hearth-service.ts';
import { waitForService } from '../service/start-service.ts';
import { log } from '../terminal/print.ts';
import { stopWithNotice } from './stop.ts';

/** `hearth install`. */
export function define(command: Command): void {
  command
    .description(
      'Installs the daemon as a service that runs now and at every login: a LaunchAgent on macOS, a systemd user unit ' +
        'on Linux. Run it again after an upgrade.',
    )
    .action(install);
}

/** Run again after an upgrade, it leaves the service running on the new code. */
async function install(): Promise<void> {
  const service = requireHearthService();
  const { socketPath, serverModule } = daemonLocation();
  if (service.manager === 'launchd') requireReadablePlace(serverModule);
  await service.requireAvailable();
  prepareServiceHome();
  // A daemon that a command started would keep the service's own from listening; one of the service may finish its job.
  await stopWithNotice();
  await service.install(serviceDefinition());
  const { processId, version } = await waitForService({ service, socketPath });
  const withheld = withheldProxies();
  if (withheld.length > 0 && readSettings(homePaths().settingsFile, {}).proxy === '') {
    log(
      `The service does not get ${withheld.join(' and ')}: others can read its definition, and a password is in it. Put the address into the setting \`proxy\`.`,
    );
  }
  log(`Hearth ${version} is running (pid ${processId}) and starts at every login (${service.definitionFile}).`);
}

import type { Command } from 'commander';
import { readHealth } from '../../client/health.ts';
import { startDaemon } from '../../client/start-daemon.ts';
import { daemonLocation } from '../daemon-location.ts';
import { installedService, prepareServiceHome } from '../service/hearth-service.ts';
import { waitForService } from '../service/start-service.ts';
import { stopDaemonWithNotice } from '../stop-daemon.ts';
import { log } from '../terminal/print.ts';

/** `hearth restart`. */
export function define(command: Command): void {
  command
    .description(
      'Stops the daemon, which may finish a running job first, and starts it again with the current code and settings.',
    )
    .action(restart);
}

async function restart(): Promise<void> {
  const location = daemonLocation();
  // The service manager would give it less time to finish its job.
  await stopDaemonWithNotice(location);
  const service = installedService();
  if (service === null) {
    await startDaemon(location);
  } else {
    prepareServiceHome();
    await service.restart();
    await waitForService({ service, socketPath: location.socketPath });
  }
  const { processId, version } = await readHealth(location);
  log(`Hearth ${version} is running (pid ${processId}).`);
}

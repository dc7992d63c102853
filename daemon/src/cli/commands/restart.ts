import type { Command } from 'commander';
import { startDaemon } from '../../client/start-daemon.ts';
import { daemonLocation } from '../daemon-location.ts';
import { installedService, prepareServiceHome } from '../service/hearth-service.ts';
import { waitForService } from '../service/start-service.ts';
import { logRunning } from './start.ts';
import { stopWithNotice } from './stop.ts';

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
  await stopWithNotice();
  const service = installedService();
  if (service === null) {
    await startDaemon(location);
  } else {
    prepareServiceHome();
    await service.restart();
    await waitForService({ service, socketPath: location.socketPath });
  }
  await logRunning();
}

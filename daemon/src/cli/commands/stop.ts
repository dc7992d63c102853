import type { Command } from 'commander';
import { daemonLocation } from '../daemon-location.ts';
import { installedService } from '../service/hearth-service.ts';
import { stopDaemonWithNotice } from '../stop-daemon.ts';
import { log } from '../terminal/print.ts';

/** `hearth stop`. */
export function define(command: Command): void {
  command.description('Stops the daemon. A running job may finish first.').action(stop);
}

/** A service stays installed, and starts again with the next login, `hearth start` or recording. */
async function stop(): Promise<void> {
  const isStopped = await stopDaemonWithNotice(daemonLocation());
  const isUnloaded = (await installedService()?.stop()) ?? false;
  log(isStopped || isUnloaded ? 'The daemon has stopped.' : 'No daemon was running.');
}

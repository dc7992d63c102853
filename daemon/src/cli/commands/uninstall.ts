import type { Command } from 'commander';
import { homePaths } from '../../settings/home-paths.ts';
import { requireHearthService } from '../service/hearth-service.ts';
import { log } from '../terminal/print.ts';
import { stopWithNotice } from './stop.ts';

/** `hearth uninstall`. */
export function define(command: Command): void {
  command.description('Stops the service and removes it. Settings, models and history are kept.').action(uninstall);
}

/** Changes nothing if there is no service. */
async function uninstall(): Promise<void> {
  const service = requireHearthService();
  if (!service.isInstalled()) return log('Hearth is not installed as a service. Nothing was changed.');
  await stopWithNotice();
  await service.uninstall();
  log(`Hearth no longer starts at login. Its settings, models and history are kept in ${homePaths().home}.`);
}

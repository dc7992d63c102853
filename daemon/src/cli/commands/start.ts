import type { Command } from 'commander';
import { connectOrStart } from '../../client/connect-or-start.ts';
import { readHealth } from '../../client/health.ts';
import { daemonLocation } from '../daemon-location.ts';
import { startServiceOrDaemon } from '../service/start-service.ts';
import { log } from '../terminal/print.ts';

/** `hearth start`. */
export function define(command: Command): void {
  command.description('Starts the daemon, as a service if it is installed as one.').action(start);
}

async function start(): Promise<void> {
  const location = daemonLocation();
  await connectOrStart(location, startServiceOrDaemon);
  const { processId, version } = await readHealth(location);
  log(`Hearth ${version} is running (pid ${processId}).`);
}

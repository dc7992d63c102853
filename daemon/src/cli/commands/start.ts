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
  await connectOrStart(daemonLocation(), startServiceOrDaemon);
  await logRunning();
}

/** Says which daemon is running. */
export async function logRunning(): Promise<void> {
  const { processId, version } = await readHealth(daemonLocation());
  log(`Hearth ${version} is running (pid ${processId}).`);
}

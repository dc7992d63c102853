import { connectOrStart } from '../client/connect-or-start.ts';
import { readHealth } from '../client/health.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { startServiceOrDaemon } from './start-service-or-daemon.ts';
import { say } from './terminal/print.ts';

/** `hearth start`. */
export async function runStart(): Promise<ExitCode> {
  const location = daemonLocation();
  await connectOrStart(location, startServiceOrDaemon);
  const { processId, version } = await readHealth(location);
  say(`Hearth ${version} is running (pid ${processId}).`);
  return exitCodes.ok;
}

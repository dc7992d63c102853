import { stopDaemon } from '../client/stop-daemon.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** `hearth stop`. */
export async function runStop(): Promise<ExitCode> {
  const stopped = await stopDaemon(daemonLocation());
  process.stderr.write(stopped ? 'The daemon has ended.\n' : 'No daemon was running.\n');
  return exitCodes.ok;
}

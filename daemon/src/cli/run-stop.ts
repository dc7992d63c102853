import { stopDaemon } from '../client/stop-daemon.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { hearthService } from './hearth-service.ts';

/** `hearth stop`. A service stays installed and comes back with the next login, `hearth start` or recording. */
export async function runStop(): Promise<ExitCode> {
  const stopped = await stopDaemon(daemonLocation());
  const service = hearthService();
  const unloaded = service?.isInstalled() === true && (await service.stop());
  process.stderr.write(stopped || unloaded ? 'The daemon has ended.\n' : 'No daemon was running.\n');
  return exitCodes.ok;
}

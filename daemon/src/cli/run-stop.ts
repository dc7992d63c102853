import { stopDaemon } from '../client/stop-daemon.ts';
import { daemonLocation } from './daemon-location.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { hearthService } from './hearth-service.ts';
import { sayWhatStopsWithIt } from './say-what-stops-with-it.ts';
import { say } from './terminal/print.ts';

/** `hearth stop`. A service stays installed and comes back with the next login, `hearth start` or recording. */
export async function runStop(): Promise<ExitCode> {
  const stopped = await stopDaemon({ ...daemonLocation(), onWork: sayWhatStopsWithIt });
  const service = hearthService();
  const unloaded = service?.isInstalled() === true && (await service.stop());
  say(stopped || unloaded ? 'The daemon has ended.' : 'No daemon was running.');
  return exitCodes.ok;
}

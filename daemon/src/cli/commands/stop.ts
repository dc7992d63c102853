import type { Command } from 'commander';
import { stopDaemon } from '../../client/stop-daemon.ts';
import type { Health } from '../../protocol/health.ts';
import { daemonLocation } from '../daemon-location.ts';
import { installedService } from '../service/hearth-service.ts';
import { log } from '../terminal/print.ts';

/** `hearth stop`. */
export function define(command: Command): void {
  command.description('Stops the daemon. A running job may finish first.').action(stop);
}

/** A service stays installed, and starts again with the next login, `hearth start` or recording. */
async function stop(): Promise<void> {
  const isStopped = await stopWithNotice();
  const isUnloaded = (await installedService()?.stop()) ?? false;
  log(isStopped || isUnloaded ? 'The daemon has stopped.' : 'No daemon was running.');
}

/** Stops the daemon, after saying which jobs that ends: they may be somebody else's. Returns false if none was running. */
export function stopWithNotice(): Promise<boolean> {
  return stopDaemon({ socketPath: daemonLocation().socketPath, onWork: logAffectedJobs });
}

function logAffectedJobs({ running, queued }: Health['jobs']): void {
  const counts = [running > 0 ? `${jobs(running)} running` : null, queued > 0 ? `${jobs(queued)} waiting` : null];
  log(
    `${counts.filter((count) => count !== null).join(' and ')}. A running job has a moment to finish. ` +
      'Detached jobs continue when the daemon starts again; the others are cancelled.',
  );
}

function jobs(count: number): string {
  return count === 1 ? '1 job is' : `${count} jobs are`;
}

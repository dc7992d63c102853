import { stopDaemon } from '../client/stop-daemon.ts';
import type { Health } from '../messages/health.ts';
import { log } from './terminal/print.ts';

/** Stops the daemon, after saying which jobs that ends: they may be somebody else's. Returns false if none was running. */
export function stopDaemonWithNotice({ socketPath }: { readonly socketPath: string }): Promise<boolean> {
  return stopDaemon({ socketPath, onWork: logAffectedJobs });
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

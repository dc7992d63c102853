import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import type { Health } from '../protocol/health.ts';
import { isRunning } from '../settings/is-running.ts';
import { readHealth } from './health.ts';

const pollMs = 50;

export interface StopDaemonRequest {
  readonly socketPath: string;
  /** Called with the number of waiting and running jobs, if there are any, before the daemon is asked to stop. */
  readonly onWork?: (jobs: Health['jobs']) => void;
  readonly limitMs?: number;
  readonly answerWithinMs?: number;
}

/**
 * Stops the daemon and waits for its end, before which it may finish a running job. Returns false if none was running.
 * @throws `DAEMON_NOT_ANSWERING`, `INTERNAL` when it does not stop in time
 */
export async function stopDaemon(request: StopDaemonRequest): Promise<boolean> {
  const { socketPath, onWork, limitMs = 60_000, answerWithinMs } = request;
  const health = await readHealth({ socketPath, answerWithinMs }).catch((error: HearthError) => {
    if (error.code === 'DAEMON_NOT_ANSWERING') throw error;
    return null;
  });
  if (health === null) return false;
  if (health.jobs.running + health.jobs.queued > 0) onWork?.(health.jobs);
  process.kill(health.processId, 'SIGTERM');
  const deadlineMs = performance.now() + limitMs;
  while (isRunning(health.processId)) {
    if (performance.now() > deadlineMs) {
      throw new HearthError(
        'INTERNAL',
        `The daemon (pid ${health.processId}) did not stop within ${limitMs / 1000} s.`,
        {
          hint: `End it with \`kill -9 ${health.processId}\`.`,
        },
      );
    }
    await delay(pollMs);
  }
  return true;
}

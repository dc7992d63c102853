import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import type { Health } from '../protocol/health.ts';
import { homePaths } from '../settings/home-paths.ts';
import { isRunning } from '../settings/is-running.ts';
import { readLockHolder } from '../settings/lock-holder.ts';
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
 * @throws `DAEMON_NOT_ANSWERING`, what the daemon answers if its process is not known, `INTERNAL` when it does not stop in time
 */
export async function stopDaemon(request: StopDaemonRequest): Promise<boolean> {
  const { socketPath, onWork, limitMs = 60_000, answerWithinMs } = request;
  const daemon = await findDaemon(socketPath, answerWithinMs);
  if (daemon === null) return false;
  const { processId, jobs } = daemon;
  if (jobs !== null && jobs.running + jobs.queued > 0) onWork?.(jobs);
  process.kill(processId, 'SIGTERM');
  const deadlineMs = performance.now() + limitMs;
  while (isRunning(processId)) {
    if (performance.now() > deadlineMs) {
      throw new HearthError('INTERNAL', `The daemon (pid ${processId}) did not stop within ${limitMs / 1000} s.`, {
        hint: `End it with \`kill -9 ${processId}\`.`,
      });
    }
    await delay(pollMs);
  }
  return true;
}

/** The daemon and its jobs; null if none is running. One that answers with an error is known by its lock. */
async function findDaemon(
  socketPath: string,
  answerWithinMs?: number,
): Promise<{ readonly processId: number; readonly jobs: Health['jobs'] | null } | null> {
  try {
    return await readHealth({ socketPath, answerWithinMs });
  } catch (error) {
    const { code } = error as HearthError;
    if (code === 'DAEMON_UNREACHABLE') return null;
    const processId =
      code === 'DAEMON_NOT_ANSWERING'
        ? null
        : (readLockHolder(homePaths({ HEARTH_HOME: dirname(socketPath) }))?.processId ?? null);
    if (processId === null) throw error;
    return { processId, jobs: null };
  }
}

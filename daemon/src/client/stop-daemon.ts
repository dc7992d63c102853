import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../errors/hearth-error.ts';
import { readHealth } from './read-health.ts';

const pollMs = 50;

/**
 * Asks a running daemon to end and waits until it has; false when none ran. It may first finish the job it runs.
 * @throws `INTERNAL` when it does not end in time
 */
export async function stopDaemon({ socketPath, limitMs = 60_000 }: { socketPath: string; limitMs?: number }) {
  const health = await readHealth({ socketPath }).catch(() => null);
  if (health === null) return false;
  process.kill(health.processId, 'SIGTERM');
  const deadlineMs = performance.now() + limitMs;
  while (isAlive(health.processId)) {
    if (performance.now() > deadlineMs) {
      throw new HearthError(
        'INTERNAL',
        `Expected process ${health.processId} to end in ${limitMs / 1000} s, got it alive.`,
        {
          hint: `End it with \`kill -9 ${health.processId}\`.`,
        },
      );
    }
    await delay(pollMs);
  }
  return true;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return !isZombie(processId);
  } catch {
    return false;
  }
}

/** In a container without an init process nobody reaps a daemon that has ended. */
function isZombie(processId: number): boolean {
  if (process.platform !== 'linux') return false;
  const status = readFileSync(`/proc/${processId}/stat`, 'utf8');
  return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
}

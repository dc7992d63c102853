import { readFileSync } from 'node:fs';

/** Whether a process has not ended, also one of another user. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // A process of another user may not be signalled.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !isZombie(processId);
}

/** In a container without an init process, one that has ended stays as a zombie. */
function isZombie(processId: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const status = readFileSync(`/proc/${processId}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
  } catch (error) {
    // It has ended meanwhile, or the system hides others' processes.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

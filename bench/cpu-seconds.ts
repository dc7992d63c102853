import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor time used by these processes so far; null if the system does not report it. */
export function cpuSeconds(processIds: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  return processIds.reduce((sum, processId) => sum + readTicks(processId), 0) / ticksPerSecond;
}

/** `utime` and `stime` of proc(5), the 14th and 15th field. The second, a name in brackets, may contain spaces. */
function readTicks(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor time that these processes have taken so far; null where the system does not tell. */
export function cpuSeconds(processIds: readonly number[]): number | null {
  if (process.platform !== 'linux') return null;
  return processIds.reduce((sum, processId) => sum + readTicks(processId), 0) / ticksPerSecond;
}

/** `utime` and `stime` of proc(5), the 14th and 15th field; the second, a name in brackets, may hold spaces. */
function readTicks(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

import { readFileSync, writeFileSync } from 'node:fs';

/** Forgets the peaks so far, where the system can. */
export function resetPeakMemory(processIds: readonly number[]): void {
  if (process.platform !== 'linux') return;
  for (const processId of processIds) writeFileSync(`/proc/${processId}/clear_refs`, '5');
}

/** Largest resident memory of each process since then, added up; null where the system does not tell. */
export function peakMemoryBytes(processIds: readonly number[]): number | null {
  return sumOf(processIds, 'VmHWM');
}

/** Resident memory of now, added up; null where the system does not tell. */
export function residentMemoryBytes(processIds: readonly number[]): number | null {
  return sumOf(processIds, 'VmRSS');
}

function sumOf(processIds: readonly number[], field: 'VmHWM' | 'VmRSS'): number | null {
  if (process.platform !== 'linux') return null;
  return processIds.reduce((sum, processId) => {
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    return sum + Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  }, 0);
}

import { readFileSync, writeFileSync } from 'node:fs';

/** Resets the peaks, if the system supports it. */
export function resetPeakMemory(processIds: readonly number[]): void {
  if (process.platform !== 'linux') return;
  for (const processId of processIds) writeFileSync(`/proc/${processId}/clear_refs`, '5');
}

/** Sum of each process's peak resident memory since then; null if the system does not report it. */
export function peakMemoryBytes(processIds: readonly number[]): number | null {
  return sumOf(processIds, 'VmHWM');
}

/** Sum of the current resident memory; null if the system does not report it. */
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

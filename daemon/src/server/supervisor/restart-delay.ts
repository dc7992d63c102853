import type { EngineLimits } from './engine-limits.ts';

/** Milliseconds to wait before the restart after `failures` failures in a row. */
export function restartDelay(failures: number, limits: EngineLimits): number {
  if (failures <= 1) return 0;
  return Math.min(limits.restartDelayMs * 2 ** (failures - 2), limits.maxRestartDelayMs);
}

import { totalmem } from 'node:os';
import type { Native } from '@hearth/native';
import type { Machine } from '../models/recommend-models.ts';

/** The device that models are computed on, and the memory that it can work in. */
export function machineOf(native: Pick<Native, 'info'>): Machine {
  const { gpuAvailable, gpuMemoryBytes } = native.info();
  if (gpuAvailable) return { device: 'gpu', memoryBytes: gpuMemoryBytes > 0 ? gpuMemoryBytes : totalmem() };
  // Of a container; without a limit it is a number beyond any memory, or 0.
  const allowed = process.constrainedMemory();
  return { device: 'cpu', memoryBytes: allowed > 0 ? Math.min(allowed, totalmem()) : totalmem() };
}

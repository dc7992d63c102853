import { readFileSync } from 'node:fs';
import type { Native } from '@hearth/native';
import type { EngineMemory } from '../protocol/residency.ts';

/** What this process takes now, and took at most. */
export function engineMemory(native: Pick<Native, 'memory'>): EngineMemory {
  return {
    residentBytes: process.memoryUsage.rss(),
    peakResidentBytes: peakResidentBytes(),
    ...native.memory(),
  };
}

/** What `getrusage` says of a child process on Linux begins with the memory of its parent. */
function peakResidentBytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return (kibibytes === undefined ? process.resourceUsage().maxRSS : Number(kibibytes)) * 1024;
}

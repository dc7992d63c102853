import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** How short of memory the system is. */
export type MemoryPressure = 'normal' | 'critical';

/** Share of the last ten seconds in which every process waited for memory (Linux), in percent. */
const criticalStallPercent = 10;
/** `kern.memorystatus_vm_pressure_level` of macOS: 1 normal, 2 warning, 4 critical. */
const criticalLevel = 4;

/** Asks the system; if it gives no answer, the pressure counts as normal. */
export async function readMemoryPressure(platform = process.platform): Promise<MemoryPressure> {
  try {
    return (platform === 'darwin' ? await isCriticalOnMac() : await isCriticalOnLinux()) ? 'critical' : 'normal';
  } catch {
    return 'normal';
  }
}

async function isCriticalOnMac(): Promise<boolean> {
  const { stdout } = await promisify(execFile)('sysctl', ['-n', 'kern.memorystatus_vm_pressure_level']);
  return Number(stdout) >= criticalLevel;
}

async function isCriticalOnLinux(): Promise<boolean> {
  return isStalled(await readFile('/proc/pressure/memory', 'utf8'));
}

/** Reads https://docs.kernel.org/accounting/psi.html. */
export function isStalled(pressure: string): boolean {
  const stalled = /^full avg10=([\d.]+)/m.exec(pressure)?.[1];
  return Number(stalled ?? 0) >= criticalStallPercent;
}

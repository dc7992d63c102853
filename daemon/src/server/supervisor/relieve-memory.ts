import type { Logger } from 'pino';
import { type MemoryPressure, readMemoryPressure } from './memory-pressure.ts';
import type { Supervisor } from './supervisor.ts';

const intervalMs = 30_000;

export interface RelieveMemoryRequest {
  readonly supervisor: Pick<Supervisor, 'state' | 'relieve'>;
  readonly log: Logger;
  readonly isWanted: () => boolean;
  readonly readPressure?: () => Promise<MemoryPressure>;
  readonly intervalMs?: number;
}

/** Unloads idle models while the system is short of memory. Returns a function that stops this. */
export function relieveMemory(request: RelieveMemoryRequest): () => void {
  const { supervisor, log, isWanted, readPressure = readMemoryPressure } = request;
  async function look(): Promise<void> {
    if (!isWanted() || supervisor.state().status !== 'ready') return;
    if ((await readPressure()) !== 'critical') return;
    const isRelieved = await supervisor.relieve().catch(() => false);
    if (isRelieved) log.warn('idle models unloaded: the system is out of memory');
  }
  const timer = setInterval(() => void look(), request.intervalMs ?? intervalMs).unref();
  return () => clearInterval(timer);
}

import type { Logger } from 'pino';
import { type MemoryPressure, readMemoryPressure } from './memory-pressure.ts';
import type { Supervisor } from './supervisor.ts';

const intervalMs = 30_000;

export interface RelieveMemoryRequest {
  readonly supervisor: Pick<Supervisor, 'state' | 'unload'>;
  readonly log: Logger;
  readonly isWanted: () => boolean;
  readonly readPressure?: () => Promise<MemoryPressure>;
  readonly intervalMs?: number;
}

/** Lets go of an idle model while the system is out of memory; answers with how to stop looking. */
export function relieveMemory(request: RelieveMemoryRequest): () => void {
  const { supervisor, log, isWanted, readPressure = readMemoryPressure } = request;
  async function look(): Promise<void> {
    if (!isWanted() || supervisor.state().status !== 'ready') return;
    if ((await readPressure()) !== 'critical') return;
    // One that has work keeps its model: to load it again would take more memory, not less.
    const unloaded = await supervisor.unload().then(
      () => true,
      () => false,
    );
    if (unloaded) log.warn('model let go of: the system is out of memory');
  }
  const timer = setInterval(() => void look(), request.intervalMs ?? intervalMs).unref();
  return () => clearInterval(timer);
}

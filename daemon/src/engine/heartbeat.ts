import type { Native } from '@hearth/native';
import type { EngineEvent } from '../protocol/engine-messages.ts';

const intervalMs = 1000;

/** Says now and every second from now on that this process lives, how its work goes on and what memory it takes. */
export function startHeartbeat(native: Native, send: (event: EngineEvent) => void): void {
  const beat = () =>
    send({
      type: 'heartbeat',
      memory: { residentBytes: process.memoryUsage.rss(), ...native.memory() },
      progress: native.workProgress(),
    });
  beat();
  setInterval(beat, intervalMs);
}

import type { Native } from '@hearth/native';
import type { EngineEvent } from '../messages/engine-messages.ts';

const intervalMs = 1000;

/** Sends the process's memory now and every second from now on, as the sign that this process lives. */
export function startHeartbeat(native: Native, send: (event: EngineEvent) => void): void {
  const beat = () =>
    send({ type: 'heartbeat', memory: { residentBytes: process.memoryUsage.rss(), ...native.memory() } });
  beat();
  setInterval(beat, intervalMs);
}

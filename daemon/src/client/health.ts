import type { Health } from '../protocol/health.ts';
import type { Residency } from '../protocol/residency.ts';
import { askJson } from './answer-within.ts';
import type { Daemon } from './request.ts';

/** Whether the daemon can transcribe, and if not, why. @throws `DAEMON_UNREACHABLE` when none is running */
export function readHealth(daemon: Daemon): Promise<Health> {
  return askJson(daemon, { path: '/v1/health' });
}

/** The models in memory, and the memory that the engine and the server use. */
export function readResidency(daemon: Daemon): Promise<Residency> {
  return askJson(daemon, { path: '/v1/ps' });
}

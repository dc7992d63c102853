import type { Static } from 'typebox';
import type { Health } from '../messages/health.ts';
import type { ResidencySchema } from '../server/schemas/residency-schema.ts';
import { type Daemon, requestJson } from './request.ts';

export type Residency = Static<typeof ResidencySchema>;

/** Whether the daemon can transcribe, and if not, why. @throws `DAEMON_UNREACHABLE` when none is running */
export function readHealth(daemon: Daemon): Promise<Health> {
  return requestJson(daemon, { path: '/v1/health' });
}

/** The loaded model, and the memory that the engine and the server use. */
export function readResidency(daemon: Daemon): Promise<Residency> {
  return requestJson(daemon, { path: '/v1/ps' });
}

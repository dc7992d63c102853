import type { Health } from '../messages/health.ts';
import { requestJson } from './request-json.ts';

/** Asks the daemon how it is. @throws `DAEMON_UNREACHABLE` when none listens */
export function readHealth({ socketPath, signal }: { readonly socketPath: string; readonly signal?: AbortSignal }) {
  return requestJson<Health>({ socketPath, method: 'GET', path: '/v1/health', signal });
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Service } from '@hearth/launchd';
import { readHealth } from '../../client/health.ts';
import { cancelled } from '../../client/request.ts';
import { type StartDaemonRequest, startDaemon } from '../../client/start-daemon.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import type { Health } from '../../protocol/health.ts';
import { installedService, prepareServiceHome } from './hearth-service.ts';

const pollMs = 50;
const adviceAfterMs = 1500;
const limitMs = 60_000;

/**
 * Starts the daemon as the service if it is installed, so that one manager owns it. Otherwise, and where the service cannot
 * be reached, such as over ssh with nobody logged in at the screen, starts it in the background. @throws what both throw
 */
export async function startServiceOrDaemon(request: StartDaemonRequest): Promise<void> {
  const service = installedService();
  if (service === null) return await startDaemon(request);
  prepareServiceHome();
  try {
    await service.start();
  } catch (error) {
    if ((error as { code?: string }).code !== 'SERVICE_UNAVAILABLE') throw error;
    return await startDaemon(request);
  }
  await waitForService({ service, socketPath: request.socketPath, signal: request.signal });
}

/**
 * Waits until the daemon that a service manager has started answers.
 * @throws `DAEMON_FAILED_TO_START` with what the manager knows, `CANCELLED`
 */
export async function waitForService({
  service,
  socketPath,
  signal,
}: {
  readonly service: Service;
  readonly socketPath: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<Health> {
  const startedMs = performance.now();
  for (;;) {
    const health = await readHealth({ socketPath }).catch(() => null);
    if (health !== null) return health;
    if (signal?.aborted) throw cancelled();
    const waitedMs = performance.now() - startedMs;
    const status = waitedMs > adviceAfterMs ? await service.status() : null;
    const advice = status?.processId === null ? status.advice : null;
    if (advice !== null || waitedMs > limitMs) throw failedToStart(service, advice);
    await delay(pollMs);
  }
}

function failedToStart(service: Service, advice: string | null): HearthError {
  const got = advice === null ? `no answer in ${limitMs / 1000} s` : 'it ended';
  return new HearthError('DAEMON_FAILED_TO_START', `${service.name} of ${service.manager} did not start: ${got}.`, {
    hint: advice ?? 'See `hearth status`.',
  });
}

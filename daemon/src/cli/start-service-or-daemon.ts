import { type StartDaemonRequest, startDaemon } from '../client/start-daemon.ts';
import { hearthService } from './hearth-service.ts';
import { prepareServiceHome } from './prepare-service-home.ts';
import { waitForService } from './wait-for-service.ts';

/**
 * Starts the daemon as the service that is installed, so that one manager owns it; else, and where the service cannot be
 * reached, such as over ssh with nobody at the screen, apart from everything. @throws what both throw
 */
export async function startServiceOrDaemon(request: StartDaemonRequest): Promise<void> {
  const service = hearthService();
  if (service?.isInstalled() !== true) return await startDaemon(request);
  prepareServiceHome();
  try {
    await service.start();
  } catch (error) {
    if ((error as { code?: string }).code !== 'SERVICE_UNAVAILABLE') throw error;
    return await startDaemon(request);
  }
  await waitForService({ service, socketPath: request.socketPath, signal: request.signal });
}

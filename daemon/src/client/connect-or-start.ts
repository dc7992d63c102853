import { readHealth } from './read-health.ts';
import { type StartDaemonRequest, startDaemon } from './start-daemon.ts';

/** Makes sure that a daemon answers, starting one when none does. @throws what `startDaemon` throws */
export async function connectOrStart(request: StartDaemonRequest): Promise<void> {
  try {
    await readHealth({ socketPath: request.socketPath });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'DAEMON_UNREACHABLE') throw error;
    await startDaemon(request);
  }
}

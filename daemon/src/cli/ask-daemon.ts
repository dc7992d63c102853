import { connectOrStart } from '../client/connect-or-start.ts';
import { daemonLocation } from './daemon-location.ts';

/** The daemon, started if none is running. @throws what starting it throws */
export async function reachDaemon(signal?: AbortSignal) {
  const location = { ...daemonLocation(), signal };
  await connectOrStart(location, async (request) => {
    const { startServiceOrDaemon } = await import('./start-service-or-daemon.ts');
    await startServiceOrDaemon(request);
  });
  return location;
}

import { connectOrStart } from '../client/connect-or-start.ts';
import { requestJson } from '../client/request-json.ts';
import type { SocketRequest } from '../client/request-over-socket.ts';
import { daemonLocation } from './daemon-location.ts';

export interface DaemonQuestion {
  readonly method?: SocketRequest['method'];
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/** Asks the daemon, starting it when none runs. @throws what it answers, and what starting it throws */
export async function askDaemon<Answer>({ method = 'GET', path, body }: DaemonQuestion): Promise<Answer> {
  const { socketPath } = await reachDaemon();
  return requestJson<Answer>({ socketPath, method, path, ...(body && jsonBody(body)) });
}

/** Makes sure that a daemon listens. @throws what starting it throws */
export async function reachDaemon() {
  const location = daemonLocation();
  await connectOrStart(location, async (request) => {
    const { startServiceOrDaemon } = await import('./start-service-or-daemon.ts');
    await startServiceOrDaemon(request);
  });
  return location;
}

export function jsonBody(body: object): Pick<SocketRequest, 'body' | 'headers'> {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return { headers, body: text };
}

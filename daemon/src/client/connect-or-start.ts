import { connect } from 'node:net';
import { type StartDaemonRequest, startDaemon } from './start-daemon.ts';

/** Starts a daemon unless one is listening. @throws what `start` throws */
export async function connectOrStart(request: StartDaemonRequest, start = startDaemon): Promise<void> {
  if (!(await isListening(request.socketPath))) await start(request);
}

/** Only connects, which costs a tenth of a request. Every command does this first. */
function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

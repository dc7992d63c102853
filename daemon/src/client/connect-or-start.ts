import { connect } from 'node:net';
import { type StartDaemonRequest, startDaemon } from './start-daemon.ts';

/** Makes sure that a daemon listens, starting one when none does. @throws what `start` throws */
export async function connectOrStart(request: StartDaemonRequest, start = startDaemon): Promise<void> {
  if (!(await isListening(request.socketPath))) await start(request);
}

/** A bare connection costs a tenth of a request, which every start of the command line would pay. */
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

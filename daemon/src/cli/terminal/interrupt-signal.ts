import { exitCodes } from '../exit-codes.ts';

/** Aborts at the first Ctrl-C, so that the job is cancelled at the daemon; the second one ends this process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes.cancelled);
      controller.abort();
    });
  }
  return controller.signal;
}

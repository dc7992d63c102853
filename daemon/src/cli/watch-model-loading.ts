import { setTimeout as delay } from 'node:timers/promises';
import { readHealth } from '../client/health.ts';

const pollMs = 200;

/** Tells how far the model is loaded, until it is or `signal` aborts. */
export async function watchModelLoading(request: {
  readonly socketPath: string;
  readonly signal: AbortSignal;
  readonly onLoading: (share: number) => void;
}): Promise<void> {
  const { socketPath, signal, onLoading } = request;
  try {
    for (;;) {
      const { engine } = await readHealth({ socketPath, signal });
      if (engine.status === 'ready') return;
      if (engine.loadingProgress !== null) onLoading(engine.loadingProgress);
      await delay(pollMs, undefined, { signal });
    }
  } catch {
    // Aborted, or the daemon is gone, which the transcription itself reports.
  }
}

import type { Run } from '../whisper/transcribe.ts';

/**
 * Runs up to `limit` of some runs at once and yields their events in the order of the runs: those of a later run when
 * all before it have ended. What fails ends them all, and so does leaving.
 */
export async function* inOrder<Event>(runs: readonly Run<Event>[], limit: number): AsyncGenerator<Event, void> {
  const brought: Event[][] = runs.map(() => []);
  const ended = runs.map(() => false);
  const active = new Set<Promise<void>>();
  let started = 0;
  let left = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};

  async function follow(index: number): Promise<void> {
    try {
      for await (const event of (runs[index] as Run<Event>)()) {
        brought[index]?.push(event);
        wake();
        if (left) return;
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      ended[index] = true;
      wake();
    }
  }

  function startMore(): void {
    while (active.size < limit && started < runs.length && !left) {
      const run = follow(started);
      started += 1;
      active.add(run);
      void run.then(() => {
        active.delete(run);
        startMore();
      });
    }
  }

  try {
    startMore();
    for (const index of runs.keys()) {
      const events = brought[index] as Event[];
      for (let next = 0; next < events.length || !ended[index]; ) {
        if (failure !== undefined) throw failure.error;
        if (next < events.length) yield events[next++] as Event;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      brought[index] = [];
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    left = true;
    await Promise.all(active);
  }
}

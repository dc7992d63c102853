/** Transcribes a part of a recording that is led by no other. */
export type Part<Event> = () => AsyncGenerator<Event, void>;

/**
 * Runs the parts of a recording, so many at a time, and yields their events in the order of the parts: those of the first
 * one that goes on as they come. The first failure ends all. One at a time, a part goes on only when its last event was
 * taken.
 */
export async function* inOrder<Event>(parts: readonly Part<Event>[], limit: number): AsyncGenerator<Event, void> {
  if (limit === 1 || parts.length === 1) {
    for (const part of parts) yield* part();
    return;
  }
  const queues = parts.map((): Event[] => []);
  const ended = new Set<number>();
  let begun = 0;
  let isLeaving = false;
  let failure: { readonly error: unknown } | undefined;
  let news = Promise.withResolvers<void>();

  function tell(): void {
    news.resolve();
    news = Promise.withResolvers();
  }

  /** Runs one part after the other that nobody else has begun. */
  async function work(): Promise<void> {
    while (begun < parts.length && !isLeaving) {
      const index = begun;
      begun += 1;
      for await (const event of (parts[index] as Part<Event>)()) {
        queues[index]?.push(event);
        tell();
        if (isLeaving) return;
      }
      ended.add(index);
      tell();
    }
  }

  function fail(error: unknown): void {
    failure ??= { error };
    isLeaving = true;
    tell();
  }

  const workers = Array.from({ length: Math.min(limit, parts.length) }, () => work().catch(fail));
  try {
    for (const [index, queue] of queues.entries()) {
      while (failure === undefined && !(ended.has(index) && queue.length === 0)) {
        if (queue.length > 0) yield queue.shift() as Event;
        else await news.promise;
      }
      if (failure !== undefined) throw failure.error;
    }
  } finally {
    isLeaving = true;
    await Promise.all(workers);
  }
}

/** Transcribes a part of a recording that is led by no other. */
export type Part<Event> = () => AsyncGenerator<Event, void>;

/**
 * Runs the parts of a recording as they come, so many at a time, and yields their events in the order of the parts: those
 * of the first one that goes on as they come. The first failure ends all. One at a time, a part goes on only when its
 * last event was taken.
 */
export async function* inOrder<Event>(
  parts: AsyncGenerator<Part<Event>, void>,
  limit: number,
): AsyncGenerator<Event, void> {
  if (limit === 1) {
    for await (const part of parts) yield* part();
    return;
  }
  const queues: Event[][] = [];
  const ended = new Set<number>();
  let count = Number.POSITIVE_INFINITY;
  let asked = 0;
  let isLeaving = false;
  let failure: { readonly error: unknown } | undefined;
  let news = Promise.withResolvers<void>();

  function tell(): void {
    news.resolve();
    news = Promise.withResolvers();
  }

  /** Runs one part after the other that nobody else has begun. */
  async function work(): Promise<void> {
    while (asked < count && !isLeaving) {
      const index = asked;
      asked += 1;
      const queue: Event[] = [];
      queues[index] = queue;
      const { done, value: part } = await parts.next();
      if (done === true) {
        count = Math.min(count, index);
        tell();
        return;
      }
      if (isLeaving) return;
      for await (const event of part()) {
        queue.push(event);
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

  const workers = Array.from({ length: limit }, () => work().catch(fail));
  try {
    for (let index = 0; index < count; index++) {
      const queue = () => queues[index] ?? [];
      while (failure === undefined && index < count && !(ended.has(index) && queue().length === 0)) {
        if (queue().length > 0) yield queue().shift() as Event;
        else await news.promise;
      }
      if (failure !== undefined) throw failure.error;
    }
  } finally {
    isLeaving = true;
    await Promise.all(workers);
    await parts.return();
  }
}

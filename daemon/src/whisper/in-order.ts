/** Transcribes a part of a recording that is led by no other. */
export type Part<Event> = () => AsyncGenerator<Event, void>;

/**
 * Runs the parts of a recording, so many at a time, and yields their events in the order of the parts. One at a time, a
 * part goes on only when its last event was taken.
 */
export async function* inOrder<Event>(parts: readonly Part<Event>[], limit: number): AsyncGenerator<Event, void> {
  if (limit === 1 || parts.length === 1) {
    for (const part of parts) yield* part();
    return;
  }
  const begun: Promise<readonly Event[]>[] = [];
  const waiting = parts.map(() => Promise.withResolvers<Promise<readonly Event[]>>());
  let isEnding = false;

  function beginNext(): void {
    const part = parts[begun.length];
    if (part === undefined || isEnding) return;
    const ended = eventsOf(part());
    waiting[begun.length]?.resolve(ended);
    begun.push(ended);
    ended.then(beginNext, end);
  }
  /** After a failure nothing else begins. */
  function end(): void {
    isEnding = true;
  }

  for (let i = 0; i < limit; i++) beginNext();
  try {
    for (const { promise } of waiting) for (const event of await promise) yield event;
  } finally {
    end();
    await Promise.allSettled(begun);
  }
}

async function eventsOf<Event>(steps: AsyncGenerator<Event, void>): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const event of steps) events.push(event);
  return events;
}

/** How long a waiting client goes without a byte. Node's `fetch` gives up after 300 s by default. */
export interface AnswerPace {
  /** Until an answer starts, once the recording is open and known to be one. */
  readonly openedMs: number;
  /** Until an answer starts for a job that is still in the queue. */
  readonly queuedMs: number;
  /** Between two bytes of an answer that has started. */
  readonly everyMs: number;
}

/** Proxies commonly close a connection after 60 s of silence. */
export const defaultAnswerPace: AnswerPace = { openedMs: 20_000, queuedMs: 50_000, everyMs: 20_000 };

/** Yields the values of `source`, and a filler whenever there has been none for a while. */
export async function* keptAlive<Chunk extends string | Uint8Array>(
  source: AsyncIterable<Chunk>,
  { filler, everyMs }: { readonly filler: string; readonly everyMs: number },
): AsyncGenerator<Chunk | string> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const result = await within(next, everyMs);
      if (result === null) {
        yield filler;
        continue;
      }
      if (result.done === true) return;
      yield result.value;
      next = iterator.next();
    }
  } finally {
    // Its next value will report it.
    void iterator.return?.();
  }
}

/** The value of a promise, or null if it takes longer. */
async function within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, limitMs, null);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a client that waits is kept waiting without a byte. Stock `fetch` of Node gives up after 300 s. */
export interface AnswerPace {
  /** Until an answer begins, once the recording has been opened and is known to be one. */
  readonly openedMs: number;
  /** Until it begins all the same, for a job that waits in the queue. */
  readonly queuedMs: number;
  /** Between two bytes of an answer that has begun. */
  readonly everyMs: number;
}

/** Proxies commonly close a connection after 60 s of silence. */
export const defaultAnswerPace: AnswerPace = { openedMs: 20_000, queuedMs: 50_000, everyMs: 20_000 };

/** What `source` yields, with a filler whenever it yields nothing for a while. */
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
    // One that waits for its next value hears of it then.
    void iterator.return?.();
  }
}

/** What a promise comes to, or null when it takes longer. */
async function within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(late.resolve, limitMs, null);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

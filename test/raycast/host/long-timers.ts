const longMs = 10_000;

/** Timers that nobody in a test waits for: those of ten seconds and more fire when they are told to, and not before. */
export function holdLongTimers(): { fire(): void } {
  const held = new Map<object, () => void>();
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  const setLong = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    if (ms < longMs) return start(work, ms, ...args);
    const timer = { unref: () => timer, ref: () => timer };
    held.set(timer, () => work(...args));
    return timer;
  };
  const clear = (timer: object) => (held.delete(timer) ? undefined : stop(timer as NodeJS.Timeout));
  Object.assign(globalThis, { setTimeout: setLong, clearTimeout: clear });
  return {
    fire() {
      const due = [...held.values()];
      held.clear();
      for (const work of due) work();
    },
  };
}

import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** The time at which sound comes: it passes as a session works, and jumps to the next sound when all of them wait. */
export interface SoundClock {
  nowSeconds(): number;
  waitUntil(seconds: number): Promise<void>;
  /** The same for somebody who works meanwhile. */
  reach(seconds: number, signal: AbortSignal): Promise<void>;
  /** A session is over. */
  leave(): void;
}

interface Waiter {
  readonly atSeconds: number;
  readonly resolve: () => void;
}

/**
 * A clock of our own for so many sessions: nobody waits for sound in real time. What the sessions compute takes what it
 * takes here, or no time at all.
 */
export function createSoundClock(request: { readonly sessions: number; readonly workTakesTime: boolean }): SoundClock {
  const { workTakesTime } = request;
  let present = request.sessions;
  let reachedSeconds = 0;
  let reachedMs = performance.now();
  let waiting: Waiter[] = [];
  const nowSeconds = () => reachedSeconds + (workTakesTime ? (performance.now() - reachedMs) / 1000 : 0);

  function wake(): void {
    if (waiting.length > 0 && waiting.length === present) {
      reachedSeconds = Math.max(nowSeconds(), Math.min(...waiting.map(({ atSeconds }) => atSeconds)));
      reachedMs = performance.now();
    }
    const due = waiting.filter(({ atSeconds }) => atSeconds <= nowSeconds() + 1e-6);
    waiting = waiting.filter((waiter) => !due.includes(waiter));
    for (const { resolve } of due) resolve();
  }

  return {
    nowSeconds,
    waitUntil(atSeconds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ atSeconds, resolve });
      wake();
      // Others may work on until then.
      if (workTakesTime)
        void delay(Math.max(0, (atSeconds - nowSeconds()) * 1000), undefined, { ref: false }).then(wake);
      return promise;
    },
    async reach(atSeconds, signal) {
      if (!workTakesTime) await once(signal, 'abort');
      else await delay(Math.max(0, (atSeconds - nowSeconds()) * 1000), undefined, { signal }).catch(() => undefined);
    },
    leave() {
      present -= 1;
      wake();
    },
  };
}
